/** The plan of a campaign that waits for a yes: its waves in the order of their merges, who does what, how hard it is to take back, and what is still weak in it. */
import { nothingChecked } from "../../../domain/gate/unchecked.ts"
import type { CampaignView } from "../../../protocol/campaign-views.ts"
import type { ApprovalView, RunView, TaskView } from "../../../protocol/views.ts"
import { planFaultLines } from "../fault-text.ts"
import type { PlanTextOptions } from "../plan-text.ts"
import type { Tone } from "../style.ts"
import { columnsOf, cut, fit, oneLine, wrapped } from "../text.ts"

const keyColumnsMax = 28

export function campaignPlanLines(run: RunView, options: PlanTextOptions): string[] {
  const { campaign } = run
  if (campaign === null) return []
  const { paint, signs } = options
  const asked = run.approvals.find(({ kind, answer }) => kind === "start" && answer === null)
  const target = ` ${signs.arrow} ${oneLine(run.target)}`
  const steps = stepsOf(campaign)
  return [
    paint("bold", `${cut(oneLine(run.goal), options.columns - columnsOf(target), signs.ellipsis)}${target}`),
    ...(campaign.gate === null ? [] : paragraph(campaign.gate.disclosure, options)),
    ...gateLines(campaign, asked, options),
    ...checkLines(run, campaign, options),
    ...steps.flatMap(({ title, keys }) => ["", paint("dim", title), ...keys.flatMap((key) => taskLines(run, key, options))]),
    "",
    ...mergeLines(campaign, options),
    ...(campaign.criticism.length === 0 ? [] : ["", paint("dim", "what is still said against the plan:"), ...planFaultLines(campaign.criticism, paint)]),
  ]
}

/** Rivals write the same files on purpose: nothing keeps them apart. */
function stepsOf(campaign: CampaignView): { readonly title: string; readonly keys: readonly string[] }[] {
  if (campaign.mode === "speculative") return [{ title: "all at once", keys: campaign.foreseen.flat() }]
  const { foreseen, foreseenFrom } = campaign
  return foreseen.map((keys, at) => ({ title: goesInWaves(campaign) ? `wave ${foreseenFrom + at}` : `step ${at + 1}`, keys }))
}

/** A campaign that was cut down to less goes without, or task by task. */
const goesInWaves = ({ mode, gate }: CampaignView): boolean => mode === "standard" && gate?.downgrade == null

const tones: Readonly<Record<NonNullable<CampaignView["gate"]>["colour"], Tone>> = { green: "green", amber: "yellow", red: "red" }

/** The first line of what is asked says colour, reason, downgrade, and why the person is asked at all. */
function gateLines({ gate }: CampaignView, asked: ApprovalView | undefined, options: PlanTextOptions): string[] {
  if (gate === null) return []
  const instead = gate.downgrade === null ? "" : ` ${gate.downgrade}.`
  const [said = ""] = asked?.detail.split("\n") ?? []
  const [first = "", ...others] = paragraph(said === "" ? `${gate.colour}: ${gate.why}.${instead}` : said, options)
  const { colour } = gate
  return [first.startsWith(colour) ? options.paint(tones[colour], colour) + first.slice(colour.length) : first, ...others]
}

/** What everything must pass that is merged; or that nothing will look at it, which nobody should agree to unawares. */
function checkLines({ tasks }: RunView, { planner, checks }: CampaignView, options: PlanTextOptions): string[] {
  if (checks.length > 0)
    return [options.paint("dim", cut(`all that is merged must pass: ${checks.map(oneLine).join("; ")}`, options.columns, options.signs.ellipsis))]
  const isChecked = tasks.some((task) => task.key !== planner && task.checks.length > 0)
  return isChecked ? [] : paragraph(nothingChecked, options).map((line) => options.paint("yellow", line))
}

function taskLines({ tasks }: RunView, key: string, { columns, paint, signs }: PlanTextOptions): string[] {
  const task = tasks.find((one) => one.key === key)
  if (task === undefined) return []
  const keyColumns = Math.min(keyColumnsMax, Math.max(...tasks.map((each) => columnsOf(oneLine(each.key)))))
  const room = columns - keyColumns - 4
  const title = cut(`${oneLine(task.title)} [${oneLine(task.agent)}]`, room, signs.ellipsis)
  const scope = `  ${task.scope.length === 0 ? "writes anything" : task.scope.map(oneLine).join(" ")}`
  const indent = " ".repeat(keyColumns + 4)
  const fits = columnsOf(title) + columnsOf(scope) <= room
  return [
    `  ${paint("bold", fit(oneLine(task.key), keyColumns, "left", signs.ellipsis))}  ${title}${fits ? paint("dim", scope) : ""}`,
    ...(fits ? [] : [paint("dim", `${indent}${cut(scope.trim(), room, signs.ellipsis)}`)]),
    ...[...needs(task, tasks), ...ownChecks(task)].map((line) => paint("dim", cut(`${indent}${line}`, columns, signs.ellipsis))),
  ]
}

function needs({ after }: TaskView, tasks: readonly TaskView[]): string[] {
  const here = after.filter((key) => tasks.some((task) => task.key === key))
  return here.length === 0 ? [] : [`after ${here.map(oneLine).join(", ")}`]
}

const ownChecks = ({ checks }: TaskView): string[] => (checks.length === 0 ? [] : [`checked by ${checks.map(oneLine).join("; ")}`])

function mergeLines(campaign: CampaignView, options: PlanTextOptions): string[] {
  if (campaign.mode === "speculative")
    return paragraph("Nothing is merged before one of them is picked; the others are kept on their branches, with a tag.", options)
  const waves = campaign.foreseen.map((keys) => keys.map(oneLine).join(", "))
  if (!goesInWaves(campaign)) return paragraph(`Merged one by one, each as soon as it is proved: ${waves.join(", then ")}.`, options)
  return paragraph(`Merged wave by wave, each in one commit: ${waves.map((keys, at) => `${campaign.foreseenFrom + at}. ${keys}`).join("; ")}.`, options)
}

const paragraph = (text: string, { columns }: PlanTextOptions): string[] => wrapped(oneLine(text), Math.max(20, columns))
