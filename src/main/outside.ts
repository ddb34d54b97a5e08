/** Who is told what happens in the hub, besides those who ask: webhooks, the person's desktop, and the files of campaigns. */
import { openDesktop } from "../adapters/notify/desktop.ts"
import { httpPosts } from "../adapters/webhooks/http.ts"
import type { Hub } from "../engine/hub.ts"
import { sendNotices } from "../engine/notices.ts"
import { Recorder } from "../engine/planning/recorder.ts"
import type { Remembered } from "../engine/ports/remembered.ts"
import { Webhooks } from "../engine/webhooks.ts"
import type { Config } from "../protocol/config.ts"
import { systemClock } from "../runtime/clock.ts"
import { homeIdOf } from "./names.ts"
import { fleetVersion } from "./version.ts"

export interface OutsideParts {
  readonly home: string
  readonly hub: Hub
  readonly remembered: Remembered
  readonly config: Config
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: (text: string) => void
  readonly complain: (error: unknown) => void
}

/** Must end before the hub does. */
export function tellOutside({ home, hub, remembered, config, environment, log, complain }: OutsideParts): AsyncDisposable {
  const posts = httpPosts({ privateAddresses: config.webhooks.privateAddresses, version: fleetVersion() })
  const webhooks = new Webhooks({ hub, remembered, posts, clock: systemClock, random: Math.random, source: `urn:fleet:${homeIdOf(home, "hub")}`, complain })
  const desktop = config.notify.desktop ? openDesktop({ platform: process.platform, environment, log }) : null
  const recorder = new Recorder({ hub, remembered, clock: systemClock, complain })
  const notices = desktop === null ? null : sendNotices(hub, desktop)
  return {
    [Symbol.asyncDispose]: async () => {
      notices?.[Symbol.dispose]()
      await recorder[Symbol.asyncDispose]()
      await webhooks[Symbol.asyncDispose]()
      await desktop?.[Symbol.asyncDispose]()
    },
  }
}
