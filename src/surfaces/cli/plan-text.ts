/** Shows a plan before it runs: what can start together, and why the rest waits. */
import type { PlannedTask } from "../../domain/plan/explain.ts"
import type { Plan } from "../../domain/plan/plan.ts"
import type { Paint, Signs } from "./style.ts"
import { columnsOf, counted, cut, fit, oneLine, wrapped } from "./text.ts"

export interface PlanTextOptions {
  readonly columns: number
  readonly paint: Paint
  readonly signs: Signs
}

const keyColumnsMax = 28

/** Null `target`: nobody has looked at the repository yet. */
export function planLines(plan: Plan, tasks: readonly PlannedTask[], target: string | null, options: PlanTextOptions): string[] {
  const { paint, signs } = options
  const where = target === null ? "" : ` ${signs.arrow} ${oneLine(target)}`
  const waves = wavesOf(plan, tasks)
  return [
    paint("bold", `${oneLine(plan.goal)}${where}`),
    paint(
      "dim",
      `${counted(tasks.length, "task")}, ${counted(waves.length, "step")}, critical path about ${minutesText(Math.max(0, ...tasks.map((task) => task.rankMinutes)))}`,
    ),
    ...waves.flatMap((wave, index) => ["", paint("dim", stepText(index, wave.length)), ...wave.flatMap((task) => taskLines(task, tasks, options))]),
  ]
}

function stepText(index: number, size: number): string {
  if (index === 0) return size === 1 ? "starts at once" : "start at once"
  return `then, each as soon as what it waits for has landed`
}

/** By the longest chain of needs: what is in one wave can start together as far as needs go. Ticked needs count as landed. */
function wavesOf(plan: Plan, tasks: readonly PlannedTask[]): PlannedTask[][] {
  const byKey = new Map(plan.tasks.map((task) => [task.key as string, task]))
  const depths = new Map<string, number>()
  const depthOf = (key: string): number => {
    const known = depths.get(key)
    if (known !== undefined) return known
    const needs = byKey.get(key)?.after.filter((need) => byKey.get(need.key)?.ticked !== true) ?? []
    const depth = needs.length === 0 ? 0 : 1 + Math.max(...needs.map((need) => depthOf(need.key)))
    depths.set(key, depth)
    return depth
  }
  const waves: PlannedTask[][] = []
  for (const task of tasks) (waves[depthOf(task.key)] ??= []).push(task)
  return waves
}

function taskLines(task: PlannedTask, tasks: readonly PlannedTask[], { columns, paint, signs }: PlanTextOptions): string[] {
  const keyColumns = Math.min(keyColumnsMax, Math.max(...tasks.map((each) => columnsOf(oneLine(each.key)))))
  const key = fit(oneLine(task.key), keyColumns, "left", signs.ellipsis)
  const agent = task.agent === "" ? "" : ` [${oneLine(task.agent)}]`
  const scope = task.scope.length === 0 ? "" : `  ${task.scope.map(oneLine).join(" ")}`
  const room = columns - keyColumns - 4
  const title = cut(`${oneLine(task.title)}${agent}`, room, signs.ellipsis)
  const rest = cut(scope, room - columnsOf(title), signs.ellipsis)
  const indent = " ".repeat(keyColumns + 4)
  return [
    `  ${paint("bold", key)}  ${title}${paint("dim", rest)}`,
    ...task.waits.flatMap((wait) => waitLines(wait, indent, columns).map((line) => paint("dim", line))),
  ]
}

/** A long reason goes on below itself, a little further in. */
function waitLines(wait: string, indent: string, columns: number): string[] {
  return wrapped(oneLine(wait), Math.max(20, columns - indent.length - 2)).map((line, index) => `${indent}${index === 0 ? "" : "  "}${line}`)
}

function minutesText(minutes: number): string {
  return minutes < 90 ? `${Math.round(minutes * 10) / 10} min` : `${Math.round(minutes / 6) / 10} h`
}
