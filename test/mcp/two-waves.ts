/** A plan of four modules in two waves, as an agent that leads a campaign hands it in: its tasks' prompts drive scripted agents. */
export function twoWaves(goal: string): string {
  const streams = [stream("api"), stream("web"), stream("docs"), stream("tests", ["api", "web"])]
  return `goal: ${goal}\ntasks: [${streams.join(", ")}]`
}

const stream = (key: string, after: readonly string[] = []): string =>
  JSON.stringify({
    id: key,
    title: `Write ${key}`,
    scope: [`src/${key}`],
    after,
    prompt: `[[write path="src/${key}/${key}.txt" text="${key}\\n"]] [[commit message="${key}"]] [[handoff "Built: ${key}" "Discovered: ${key} lies in src/${key}"]]`,
  })
