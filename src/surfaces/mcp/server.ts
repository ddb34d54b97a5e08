/** The MCP server: Fleet's tools and resources over one port to the hub. The SDK serves it to clients of both revisions. */
import { McpServer } from "@modelcontextprotocol/server"
import type { FleetForAgents } from "./fleet-for-agents.ts"
import { instructions } from "./instructions.ts"
import { registerResources } from "./resources.ts"
import type { Tool } from "./tool.ts"
import { campaignTools } from "./tools/campaigns.ts"
import { peopleTools } from "./tools/people.ts"
import { planTools } from "./tools/plans.ts"
import { readingTools } from "./tools/reading.ts"
import { runTools } from "./tools/runs.ts"
import { sessionTools } from "./tools/sessions.ts"
import { togetherTools } from "./tools/together.ts"
import { waitTools } from "./tools/wait.ts"

export const tools: readonly Tool[] = [
  ...planTools,
  ...campaignTools,
  ...runTools,
  ...waitTools,
  ...sessionTools,
  ...readingTools,
  ...peopleTools,
  ...togetherTools,
]

export function makeMcpServer(fleet: FleetForAgents, version: string): McpServer {
  const server = new McpServer({ name: "fleet", title: "Fleet", version }, { instructions, capabilities: { tools: {}, resources: {} } })
  for (const tool of tools) tool.register(server, fleet)
  registerResources(server, fleet)
  return server
}
