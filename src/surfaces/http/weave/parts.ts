/** What the compatible API is made of. */
import type { Hub } from "../../../engine/hub.ts"
import type { Streams } from "./feed.ts"
import type { SkillPlace } from "../../cli/skills/places.ts"

/** With what the routes share. */
export interface Weave extends WeaveParts {
  readonly streams: Streams
}

export interface WeaveParts {
  readonly hub: Hub
  readonly about: () => { readonly version: string }
  readonly settings: WeaveSettings
}

/** How this fleet calls itself (`FLEET_NAME`, `FLEET_DESCRIPTION`), and what it was configured with. */
export interface WeaveSettings {
  readonly name: string
  readonly description: string
  /** Where a person begins to look for a directory. */
  readonly personHome: string
  /** Where the person's agents look for skills. */
  readonly skillPlaces: readonly SkillPlace[]
  readonly config: {
    readonly file: string
    /** By agent, where the person named one. */
    readonly models: Readonly<Record<string, string>>
  }
}
