/** Made from schema/openapi.json by scripts/generate-api.ts: not to be changed by hand. */
export interface paths {
    "/v1/hub": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The hub: version, process, workers, what waits for you
         * @description Cheap enough to be asked every second.
         *
         *     Permission: `read`.
         */
        get: operations["getHub"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hub/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop the hub
         * @description Agents of the local worker are ended in order. With `worker: false` the worker and its agents go on, and the next hub finds them.
         *
         *     Permission: `operate`.
         */
        post: operations["stopHub"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The workers that the hub knows
         * @description Agents run on workers; a worker that is away keeps its work.
         *
         *     Permission: `read`.
         */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The coding agents that a worker sees
         * @description Asks a connected worker, so it can take a moment.
         *
         *     Permission: `read`.
         */
        get: operations["listAgents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Projects and their repositories
         * @description A project is what one log of events is about. There is one, `local`; its repositories are those that runs and sessions worked on.
         *
         *     Permission: `read`.
         */
        get: operations["listProjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a name means
         * @description A run by id, unique prefix or `@last`; a task by `run/key`, by its key in the newest run, or by its branch; an attempt's session by its id.
         *
         *     Permission: `read`.
         */
        get: operations["find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wait": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Wait until a run or a session has something to show
         * @description Answers as soon as the run has settled or needs you, or one of the sessions rests: it waits for a prompt or a person, or has ended. Answers with `over: false` when `timeout` seconds are over; ask again then. Name a run, or sessions, or both.
         *
         *     Permission: `read`.
         */
        get: operations["wait"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Milestones as they happen
         * @description Server-sent events, each named by its type. `id` is the event number: send it back as `Last-Event-ID`, or as `after`, and nothing is lost or told twice. `reset` says that the number is not known any more: read the state again. A client that does not keep up is dropped with a reason.
         *
         *     Permission: `read`.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This API as an OpenAPI 3.1 document
         * @description Generated from the schemas that validate.
         *
         *     Permission: `read`.
         */
        get: operations["getOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This API as a page
         * @description Without scripts and without anything from elsewhere.
         *
         *     Permission: `read`.
         */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The hub answers
         * @description Nothing is looked at: an answer is all there is to know.
         *
         *     Permission: `read`.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The hub can take work
         * @description `ready` is false while no worker is connected.
         *
         *     Permission: `read`.
         */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a plan and show what would run
         * @description Nothing is started. What is wrong with the plan is in `faults`; only a request that cannot be read is refused.
         *
         *     Permission: `read`.
         */
        post: operations["reviewPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/assess": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Which tasks may run side by side
         * @description From the files that each is likely to touch: the overlap of every pair, the shared boundaries at risk, the batches, and a sentence for the user.
         *
         *     Permission: `read`.
         */
        post: operations["assessPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Which files more than one child has changed
         * @description From the changes that each has made, with what to do about each.
         *
         *     Permission: `read`.
         */
        post: operations["findConflicts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs, newest first
         * @description With their tasks.
         *
         *     Permission: `read`.
         */
        get: operations["listRuns"];
        put?: never;
        /**
         * Run a plan, as agents on its tasks
         * @description Answers when the run is committed, long before it is done. A plan with errors is refused with `faults`; then nothing has started.
         *
         *     Permission: `lead`.
         */
        post: operations["submitRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One run
         * @description With its tasks, and the approvals that are open.
         *
         *     Permission: `read`.
         */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One run as it changes
         * @description Server-sent events: `run` (the whole run, at once and on each change), `milestone` (an event, with its number as id), and `end` when it has settled.
         *
         *     Permission: `read`.
         */
        get: operations["followRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a run
         * @description Its agents are ended in order; what they made stays on their branches.
         *
         *     Permission: `lead`.
         */
        post: operations["stopRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/continue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a run that did not finish
         * @description What landed stays; tasks that failed or were stopped get another attempt.
         *
         *     Permission: `lead`.
         */
        post: operations["continueRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tasks of a run, in the order of its plan
         * @description As they are in the run.
         *
         *     Permission: `read`.
         */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/tasks/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One task
         * @description With its proof and its attempts.
         *
         *     Permission: `read`.
         */
        get: operations["getTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/tasks/{key}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The attempts of a task, oldest first
         * @description What each came to, and which session it had.
         *
         *     Permission: `read`.
         */
        get: operations["listAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/tasks/{key}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a task has changed
         * @description In its workspace while it has one, in the commit that brought it once it has landed.
         *
         *     Permission: `read`.
         */
        get: operations["getTaskDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/tasks/{key}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a task
         * @description Tasks that need it are stopped too.
         *
         *     Permission: `lead`.
         */
        post: operations["stopTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/tasks/{key}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a task another attempt
         * @description Only one that failed or was stopped.
         *
         *     Permission: `lead`.
         */
        post: operations["retryTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/tasks/{key}/tell": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell a task's agent something while it works
         * @description What came of it is a later milestone with the same `message`.
         *
         *     Permission: `lead`.
         */
        post: operations["tellTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a campaign from a direction, a specification or tasks
         * @description Answers when its run is committed. Where no plan is given an agent makes one first; it is criticised in code and sent back with its faults. Before any task starts the campaign passes its gate: where a person must agree, it waits in the inbox as an approval of kind `start`.
         *
         *     Permission: `lead`.
         */
        post: operations["startCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/continue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a campaign from its session file
         * @description Needs nothing but the file `.planning/fleet/session-<slug>.md`. Rows that it calls complete are looked for on the target by their commit, and done again when that is not there; `said` tells of each. Refused when the campaign runs already, when nothing is left, and when the file does not say `Auto-continue: true` and `anyway` is not set.
         *
         *     Permission: `lead`.
         */
        post: operations["continueCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The strategies of a speculative campaign side by side
         * @description What Fleet saw of each: checks, size, complexity, benchmark, tokens and time. Their agents' own words are marked as such.
         *
         *     Permission: `read`.
         */
        get: operations["compareStrategies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/pick": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pick the strategy that lands
         * @description It goes through the landing queue; the others are archived with a tag, never deleted. No agent may pick: only the person whose hub this is.
         *
         *     Permission: `operate`.
         */
        post: operations["pickStrategy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * How healthy a repository is, and what is to be done about it
         * @description Runs its type check, tests, linter and audit, looks for TODOs and stale branches, and ranks what was found as a plan. Takes minutes. Nothing is started.
         *
         *     Permission: `lead`.
         */
        post: operations["diagnose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sessions, newest first
         * @description Those of running tasks too; they have a `task` and take no prompt.
         *
         *     Permission: `read`.
         */
        get: operations["listSessions"];
        put?: never;
        /**
         * Make a session
         * @description Answers when its agent is open. When it cannot be made, nothing of it is left. A `prompt` is handed over as soon as there is room.
         *
         *     Permission: `lead`.
         */
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One session
         * @description With what came of its last turn.
         *
         *     Permission: `read`.
         */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /**
         * End a session
         * @description Its agent and all that it started is ended. It can be resumed, unless `forget` took it out of the state.
         *
         *     Permission: `lead`.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        /**
         * Give a session another title
         * @description Nothing else of it can be changed.
         *
         *     Permission: `lead`.
         */
        patch: operations["renameSession"];
        trace?: never;
    };
    "/v1/sessions/{session}/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prompt a session
         * @description Answers when the prompt is committed; its agent gets it when its turn comes. A session that sleeps is woken.
         *
         *     Permission: `lead`.
         */
        post: operations["promptSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop the turn of a session
         * @description The session goes on, and so do prompts that wait.
         *
         *     Permission: `lead`.
         */
        post: operations["stopTurn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a session that ended or sleeps
         * @description With the conversation that it had. Answers when its agent is open.
         *
         *     Permission: `lead`.
         */
        post: operations["resumeSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new session where another works
         * @description In the same directory, with the same agent and model, with an empty conversation.
         *
         *     Permission: `lead`.
         */
        post: operations["forkSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/handoff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand off what others should know
         * @description Told in so many words instead of printed as a HANDOFF block; it comes with the callback of this turn.
         *
         *     Permission: `lead`.
         */
        post: operations["handOff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a session has changed: files with their texts before and after, and a patch
         * @description From git, with what is not committed and not tracked; the agent's index is not touched.
         *
         *     Permission: `read`.
         */
        get: operations["getSessionDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an agent was told, said and did
         * @description From byte `offset` on; `next` is the offset of the next page. Sessions of ended attempts have one, too.
         *
         *     Permission: `read`.
         */
        get: operations["getTranscript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/callbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Callbacks from and to a session, newest first
         * @description Delivered ones too, for as long as both sessions are kept.
         *
         *     Permission: `read`.
         */
        get: operations["listSessionCallbacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Callbacks, newest first
         * @description A callback is delivered when its receiver's agent acknowledged the turn that it came in; until then it waits, and is here.
         *
         *     Permission: `read`.
         */
        get: operations["listCallbacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The files of a session's directory
         * @description Nothing outside of it, behind a link or in `.git`.
         *
         *     Permission: `read`.
         */
        get: operations["listFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/files/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Files of a session's directory whose path has the letters of a text
         * @description The closest first.
         *
         *     Permission: `read`.
         */
        get: operations["findFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/files/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One file of a session's directory
         * @description `path` is relative to the directory.
         *
         *     Permission: `read`.
         */
        get: operations["getFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/files/edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A person's own edit in a session's directory
         * @description Writes a file, makes a directory, deletes or renames; behind the same checks as reading.
         *
         *     Permission: `operate`.
         */
        post: operations["editFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Modes, models and commands of a session's agent
         * @description Only while its agent is open.
         *
         *     Permission: `read`.
         */
        get: operations["getOffers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits for a person, oldest first
         * @description With `all=1` those that were answered, too.
         *
         *     Permission: `read`.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{approval}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Allow or deny what an agent asks
         * @description Answered once. No agent may answer: only the person whose hub this is.
         *
         *     Permission: `operate`.
         */
        post: operations["answerApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which scopes are held, and by whom
         * @description Those of tasks that run, and those that sessions and people took.
         *
         *     Permission: `read`.
         */
        get: operations["listClaims"];
        put?: never;
        /**
         * Claim scopes for a while
         * @description Refused when somebody holds something that overlaps, with who it is. Tasks that need it wait until it is given back or its lease is over.
         *
         *     Permission: `lead`.
         */
        post: operations["takeClaim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/claims/{claim}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold a claim for longer
         * @description The lease counts from now.
         *
         *     Permission: `lead`.
         */
        post: operations["renewClaim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/claims/{claim}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Give a claim back
         * @description An agent may give back its own.
         *
         *     Permission: `lead`.
         */
        delete: operations["releaseClaim"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/discoveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What agents found out that others should know, newest first
         * @description As they reported it.
         *
         *     Permission: `read`.
         */
        get: operations["listDiscoveries"];
        put?: never;
        /**
         * Report something that others should know
         * @description What becomes of it is for those who read it.
         *
         *     Permission: `lead`.
         */
        post: operations["reportDiscovery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/landings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The landing queue
         * @description Proved work that waits to be brought onto its target, in order.
         *
         *     Permission: `read`.
         */
        get: operations["listLandings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhooks, oldest first
         * @description Without their secrets.
         *
         *     Permission: `operate`.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Tell an address what happens
         * @description Signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), tried again when it fails, disabled when it fails for long.
         *
         *     Permission: `operate`.
         */
        post: operations["addWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event to a webhook, whatever its topics are
         * @description It is the event `fleet.webhook.tested`.
         *
         *     Permission: `operate`.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a webhook that was disabled
         * @description It is told what it missed.
         *
         *     Permission: `operate`.
         */
        post: operations["enableWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Tell an address nothing any more
         * @description What it was not told is not sent.
         *
         *     Permission: `operate`.
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Versioned: {
            /** @enum {number} */
            schema_version: 1;
        };
        Hub: {
            version: string;
            pid: number;
            /** @description epoch milliseconds */
            startedAt: number;
            home: string;
            /** @description loopback port of the API; null when it could not be had */
            port: number | null;
            runs: {
                active: number;
                total: number;
            };
            /** @description approvals that wait for a person */
            needsYou: number;
            workers: components["schemas"]["Worker"][];
        };
        Worker: {
            id: string;
            connected: boolean;
            pid: number | null;
            slots: number;
            busy: number;
            agents: string[];
        };
        /** @description RFC 9457 problem details. */
        Problem: {
            /** @enum {number} */
            schema_version: 1;
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description what to branch on */
            code: string;
            what: string;
            why: string;
            /** @description what to do about it */
            fix: string;
            /** @description each place of the request that is wrong */
            errors?: {
                path: string;
                message: string;
            }[];
            /** @description what is wrong with the plan */
            faults?: components["schemas"]["PlanFault"][];
        };
        PlanFault: {
            /** @enum {string} */
            severity: "error" | "warning";
            code: string;
            what: string;
            why: string;
            fix: string;
            file: string | null;
            line: number | null;
        };
        Stopping: {
            /** @enum {boolean} */
            stopping: true;
        };
        StopHub: {
            /**
             * @description false: the local worker and its agents go on
             * @default true
             */
            worker?: boolean;
        };
        WorkerPage: {
            items: components["schemas"]["Worker"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        AgentPage: {
            items: components["schemas"]["Agent"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        Agent: {
            name: string;
            /** @description its program is there; whether it is logged in shows when it is used */
            found: boolean;
            /** @description how to get it */
            install: string;
        };
        ProjectPage: {
            items: components["schemas"]["Project"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        /** @description The repositories that belong together. There is one for now: `local`. */
        Project: {
            id: string;
            repositories: {
                repository: string;
                /** @description all of them */
                runs: number;
                /** @description runs that go on */
                active: number;
                /** @description not ended */
                sessions: number;
            }[];
        };
        Found: {
            run: string;
            key: string | null;
            session: string | null;
        };
        Wait: {
            /** @description false: the time was over first; ask again */
            over: boolean;
            run: components["schemas"]["Run"] | null;
            /** @description all that were named, as they are now */
            sessions: components["schemas"]["Session"][];
            /** @description those of them that wait for a prompt or a person, or have ended */
            rested: string[];
        };
        Run: {
            id: string;
            goal: string;
            repository: string;
            target: string;
            /** @enum {string} */
            status: "running" | "stopping" | "done" | "failed" | "cancelled";
            /** @description why it is not done; null when it is, or is running well */
            reason: string | null;
            /** @description epoch milliseconds */
            startedAt: number;
            /** @description epoch milliseconds */
            endedAt: number | null;
            counts: {
                total: number;
                done: number;
                working: number;
                queued: number;
                needsYou: number;
                failed: number;
                cancelled: number;
                archived: number;
            };
            usage: components["schemas"]["Usage"];
            workMs: number;
            lowerBoundMs: number | null;
            tasks: components["schemas"]["Task"][];
            /** @description those that are open */
            approvals: components["schemas"]["Approval"][];
            waves: components["schemas"]["Wave"][];
            campaign: components["schemas"]["Campaign"] | null;
        };
        /** @description Tokens, as far as the agent says; the cost is an estimate of its own. */
        Usage: {
            inputTokens: number;
            outputTokens: number;
            cachedTokens: number;
            costUsd: number | null;
        };
        Task: {
            /** @description `<run>/<key>` */
            id: string;
            key: string;
            title: string;
            group: string | null;
            /**
             * @description unknown: its worker is away, so nobody knows
             * @enum {string}
             */
            status: "queued" | "starting" | "working" | "needs-you" | "verifying" | "proved" | "landing" | "done" | "failed" | "cancelled" | "archived" | "unknown";
            /** @description one line: what it waits for, does now, or why it ended so */
            reason: string;
            agent: string;
            after: string[];
            scope: string[];
            /** @description commands that must pass on its own work */
            checks: string[];
            attempt: number;
            attemptsMax: number;
            /** @description epoch milliseconds */
            startedAt: number | null;
            elapsedMs: number | null;
            usage: components["schemas"]["Usage"];
            files: number | null;
            branch: string | null;
            workspace: string | null;
            session: string | null;
            /** @description commit on the target that brought it */
            landed: string | null;
            proof: components["schemas"]["Proof"] | null;
            attempts: components["schemas"]["Attempt"][];
        };
        /** @description What was proved of a task before it could land. */
        Proof: {
            head: string;
            commits: number;
            committedByFleet: boolean;
            files: components["schemas"]["FileChange"][];
            checks: components["schemas"]["CheckResult"][];
            handoff: string | null;
        };
        FileChange: {
            path: string;
            /** @enum {string} */
            status: "added" | "modified" | "deleted" | "renamed";
            /** @description null for binary files */
            additions: number | null;
            deletions: number | null;
            /** @description old path of a rename */
            from: string | null;
        };
        CheckResult: {
            command: string;
            passed: boolean;
            exitCode: number | null;
            timedOut: boolean;
            output: string;
            elapsedMs: number;
        };
        Attempt: {
            number: number;
            agent: string;
            session: string;
            agentSession: string | null;
            /** @description first, retry, resume or repair */
            reason: string;
            /** @description epoch milliseconds */
            startedAt: number;
            /** @description epoch milliseconds */
            endedAt: number | null;
            /** @description null while it runs */
            outcome: string | null;
            usage: components["schemas"]["Usage"];
        };
        Approval: {
            id: string;
            run: string | null;
            /** @description key; null for what is about a whole run; run and task are null when a session without a task asks */
            task: string | null;
            session: string | null;
            /**
             * @description start, wave and pick are about a whole run; a pick is answered by picking a strategy
             * @enum {string}
             */
            kind: "permission" | "scope" | "gate" | "landing" | "start" | "wave" | "pick";
            /** @description one line; hostile text when it comes from an agent */
            question: string;
            detail: string;
            /** @description epoch milliseconds */
            since: number;
            /** @description keys of the tasks that wait behind it */
            holds: string[];
            /** @description null while it is open */
            answer: {
                allow: boolean;
                by: string;
                note: string | null;
                /** @description epoch milliseconds */
                at: number;
            } | null;
        };
        Wave: {
            number: number;
            tasks: string[];
            open: boolean;
            /** @description who had to wait for a later wave, and why */
            moved: string[];
            /** @description those that could not be given a workspace */
            gaps: string[];
            /** @description null while it is open */
            tokens: number | null;
        };
        Campaign: {
            /** @enum {string} */
            mode: "standard" | "quick" | "speculative";
            slug: string;
            direction: string;
            /** @description key of the task whose agent makes the plan */
            planner: string | null;
            planning: boolean;
            /** @description commands that must pass on everything that is merged */
            checks: string[];
            gate: components["schemas"]["Gate"] | null;
            criticism: components["schemas"]["PlanFault"][];
            /** @description keys of the waves as they are foreseen */
            foreseen: string[][];
            /** @description number of the first of them */
            foreseenFrom: number;
            /**
             * @description what it waits for a person for
             * @enum {string|null}
             */
            hold: "start" | "wave" | "pick" | null;
            picked: string | null;
            sessionFile: string | null;
            /** @description the HANDOFF block that ends it; null while it goes on */
            handoff: string | null;
        };
        /** @description What was said before a campaign began, and how hard it is to take back. */
        Gate: {
            disclosure: string;
            /** @enum {string} */
            colour: "green" | "amber" | "red";
            why: string;
            downgrade: string | null;
        };
        Session: {
            id: string;
            title: string;
            /**
             * @description asleep: no agent runs, the next prompt wakes it; ended: it can be resumed; unknown: its worker is away
             * @enum {string}
             */
            status: "starting" | "idle" | "queued" | "working" | "needs-you" | "asleep" | "stopping" | "ended" | "unknown";
            /** @description one plain line: what it waits for, does now, or why it ended */
            reason: string;
            agent: string;
            model: string | null;
            /** @description the agent's own id of the conversation */
            agentSession: string | null;
            /** @description changes each time its agent is opened */
            instance: string;
            /** @description `<run>/<key>` of the task that it works for; such a session takes no prompt */
            task: string | null;
            parent: string | null;
            /** @description who is told when a turn of it has ended */
            notify: string | null;
            children: string[];
            worker: string;
            workspace: string;
            /** @enum {string} */
            strategy: "worktree" | "clone" | "existing";
            /** @description directory that was named when it was made */
            source: string;
            /** @description directory that its agent works in */
            directory: string | null;
            branch: string | null;
            /** @description commit that its changes are counted from */
            base: string | null;
            /** @description its checkout was given back */
            released: boolean;
            /** @description ref that holds what was uncommitted when its checkout was given back last */
            salvage: string | null;
            /** @description prompts that were not handed to the agent yet */
            waiting: number;
            turns: number;
            lastTurn: components["schemas"]["Turn"] | null;
            usage: components["schemas"]["Usage"];
            /** @description epoch milliseconds */
            createdAt: number;
            /** @description epoch milliseconds */
            changedAt: number;
            /** @description epoch milliseconds */
            endedAt: number | null;
        };
        Turn: {
            number: number;
            /** @enum {string} */
            how: "completed" | "stopped" | "failed";
            why: string | null;
            /** @description the end of what the agent said; hostile text */
            text: string;
            /** @description null: nobody could look */
            files: components["schemas"]["FileChange"][] | null;
            /** @description git's tree of everything that was there then */
            tree: string | null;
            /** @description id of the prompt that it answered */
            prompt: string;
            usage: components["schemas"]["Usage"];
            /** @description epoch milliseconds */
            endedAt: number;
        };
        Event: {
            /** @description the event number, which is the id of the server-sent event */
            number: number;
            /** @description epoch milliseconds */
            at: number;
            type: string;
            run: string | null;
            task: string | null;
            session: string | null;
            /** @description which of the messages for its agent it is about */
            message: string | null;
            /** @description one plain line for a log */
            text: string;
        };
        Health: {
            /** @enum {boolean} */
            ok: true;
        };
        Ready: {
            ready: boolean;
            why: string | null;
        };
        PlanReview: {
            faults: components["schemas"]["PlanFault"][];
            target: string | null;
            /** @description in the order in which they would start */
            tasks: components["schemas"]["PlannedTask"][];
        };
        PlannedTask: {
            key: string;
            title: string;
            agent: string;
            scope: string[];
            waits: string[];
            rankMinutes: number;
        };
        SubmitRun: {
            plan: components["schemas"]["Plan"];
            /** @description absolute path of the checkout */
            directory: string;
            /**
             * @description null: the branch that is checked out there
             * @default null
             */
            target?: string | null;
            /** @default null */
            agent?: string | null;
            /**
             * @description agents that may work at once
             * @default null
             */
            slots?: number | null;
            /**
             * @description tasks begun together, all over before the next begin; null: no waves
             * @default null
             */
            waveSize?: number | null;
        };
        Plan: {
            /** @enum {number} */
            version: 1;
            goal: string;
            /** @description sentences that every prompt ends with */
            guardrails: string[];
            /** @description commands that must pass before anything lands */
            checks: string[];
            /** @description command that makes a fresh workspace usable */
            setup: string | null;
            tasks: components["schemas"]["PlanTask"][];
            source: {
                /** @enum {string} */
                format: "yaml" | "json" | "markdown" | "speckit" | "checklist" | "citadel" | "inline";
                file: string | null;
            };
        };
        PlanTask: {
            key: string;
            title: string;
            /** @description the complete work order */
            prompt: string;
            after: {
                key: string;
                /** @enum {string} */
                reason: "declared" | "phase" | "order";
            }[];
            scope: {
                pattern: string;
                /** @enum {string} */
                access: "write" | "read";
            }[];
            /** @description null: the run's */
            agent: string | null;
            model: string | null;
            /** @enum {string} */
            type: "skill" | "research" | "build";
            role: string | null;
            group: string | null;
            domain: string | null;
            effort: string | null;
            /** @description shell commands that prove this task */
            checks: string[];
            estimateMinutes: number | null;
            timeoutMinutes: number | null;
            retries: number | null;
            /**
             * @description human: someone must approve before it starts
             * @enum {string}
             */
            gate: "none" | "human";
            priority: number;
            tags: {
                [key: string]: string;
            };
            /** @description done before; nothing runs */
            ticked: boolean;
            line: number | null;
        };
        Assessment: {
            orchestrate: boolean;
            why: string;
            concurrency: number;
            pairs: {
                a: string;
                b: string;
                /** @enum {string} */
                overlap: "none" | "possible" | "definite";
                /** @enum {string} */
                strategy: "parallel-worktree" | "sequential-or-careful" | "sequential-only";
                reasons: string[];
                first: string | null;
            }[];
            boundaries: {
                /** @enum {string} */
                kind: "barrel" | "lock" | "manifest" | "migrations" | "routes" | "types" | "config" | "ci";
                what: string;
                tasks: string[];
                advice: string;
            }[];
            batches: {
                tasks: {
                    key: string;
                    title: string;
                    waits: string[];
                }[];
            }[];
            tell: string;
        };
        AssessRequest: {
            tasks: {
                /** @description a short name of the task, unique in the request */
                key: string;
                /**
                 * @description what the user calls it; the key when empty
                 * @default
                 */
                title?: string;
                /**
                 * @description paths or globs that it is likely to touch, from the repository's root; none: it runs alone
                 * @default []
                 */
                files?: string[];
                /**
                 * @description keys of the tasks that must be complete first
                 * @default []
                 */
                after?: string[];
            }[];
            /**
             * @description the repository's files as `git ls-files` prints them, if known
             * @default []
             */
            repository?: string[];
            /**
             * @description how many children may work at once
             * @default 4
             */
            concurrency?: number;
        };
        ConflictReport: {
            clear: boolean;
            conflicts: {
                path: string;
                children: {
                    key: string;
                    /** @enum {string} */
                    status: "added" | "modified" | "deleted" | "renamed";
                }[];
                /** @enum {string} */
                resolution: "same" | "merge" | "rerun" | "regenerate";
                advice: string;
            }[];
            tell: string;
        };
        ConflictsRequest: {
            children: {
                key: string;
                files: {
                    path: string;
                    /** @enum {string} */
                    status: "added" | "modified" | "deleted" | "renamed";
                    /** @default null */
                    additions?: number | null;
                    /** @default null */
                    deletions?: number | null;
                    /** @default null */
                    from?: string | null;
                }[];
            }[];
        };
        RunPage: {
            items: components["schemas"]["Run"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        TaskPage: {
            items: components["schemas"]["Task"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        AttemptPage: {
            items: components["schemas"]["Attempt"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        Patch: {
            files: components["schemas"]["FileChange"][];
            patch: string;
            /** @description the patch is longer than what is here */
            cut: boolean;
        };
        Told: {
            run: string;
            task: string;
            message: string;
            /** @description number of an event before it, to read the milestones from */
            after: number;
        };
        TellTask: {
            text: string;
        };
        StartedCampaign: {
            id: string;
            goal: string;
            repository: string;
            target: string;
            /** @enum {string} */
            status: "running" | "stopping" | "done" | "failed" | "cancelled";
            /** @description why it is not done; null when it is, or is running well */
            reason: string | null;
            /** @description epoch milliseconds */
            startedAt: number;
            /** @description epoch milliseconds */
            endedAt: number | null;
            counts: {
                total: number;
                done: number;
                working: number;
                queued: number;
                needsYou: number;
                failed: number;
                cancelled: number;
                archived: number;
            };
            usage: components["schemas"]["Usage"];
            workMs: number;
            lowerBoundMs: number | null;
            tasks: components["schemas"]["Task"][];
            /** @description those that are open */
            approvals: components["schemas"]["Approval"][];
            waves: components["schemas"]["Wave"][];
            campaign: components["schemas"]["Campaign"] | null;
            /** @description what somebody should know before it goes on: files of the project that could not be read, a sentence each */
            said: string[];
        };
        StartCampaign: {
            /**
             * @description standard: waves with a record; quick: one wave, without a record unless it is asked for; speculative: rival strategies, one of which lands
             * @default standard
             * @enum {string}
             */
            mode?: "standard" | "quick" | "speculative";
            /**
             * @description what is wanted; may be left out when there is a plan
             * @default
             */
            direction?: string;
            /**
             * @description text of a specification that is to be divided
             * @default null
             */
            spec?: string | null;
            /**
             * @description tasks or strategies that are known; null: an agent makes the plan
             * @default null
             */
            plan?: {
                /** @enum {number} */
                version: 1;
                goal: string;
                /** @description sentences that every prompt ends with */
                guardrails: string[];
                /** @description commands that must pass before anything lands */
                checks: string[];
                /** @description command that makes a fresh workspace usable */
                setup: string | null;
                tasks: components["schemas"]["PlanTask"][];
                source: {
                    /** @enum {string} */
                    format: "yaml" | "json" | "markdown" | "speckit" | "checklist" | "citadel" | "inline";
                    file: string | null;
                };
            } | null;
            /**
             * @description how many strategies an agent is to find: 2 to 8
             * @default null
             */
            strategies?: number | null;
            /** @description absolute path of the checkout */
            directory: string;
            /**
             * @description commands that must pass on everything that is merged, beside the plan's own; of strategies, on each
             * @default []
             */
            checks?: string[];
            /**
             * @description null: the branch that is checked out there
             * @default null
             */
            target?: string | null;
            /** @default null */
            agent?: string | null;
            /** @default null */
            slots?: number | null;
            /**
             * @description agents of a wave; null: no waves. Used in the standard mode only
             * @default 3
             */
            waveSize?: number | null;
            /**
             * @description whether files are kept under `.planning/`; null: not in the quick mode
             * @default null
             */
            record?: boolean | null;
            /**
             * @description a person is asked before each wave is merged
             * @default false
             */
            confirmMerges?: boolean;
            /**
             * @description shell command that prints a number for each strategy; the smallest is best
             * @default null
             */
            benchmark?: string | null;
            /**
             * @description pick by what was measured, without a question
             * @default false
             */
            pickBest?: boolean;
            /**
             * @description whether the person has agreed; no agent can say so for them
             * @default no
             * @enum {string}
             */
            confirmed?: "yes" | "unless-red" | "no";
        };
        ContinuedCampaign: {
            run: components["schemas"]["Run"];
            /** @description rows that are done again, what of the project could not be read: a sentence each */
            said: string[];
        };
        ContinueCampaign: {
            /** @description absolute path of the checkout */
            directory: string;
            /**
             * @description text of the session file; null: that of the slug, or the newest of which something is left
             * @default null
             */
            file?: string | null;
            /**
             * @description `auth` of `.planning/fleet/session-auth.md`
             * @default null
             */
            slug?: string | null;
            /**
             * @description also when the file says `Auto-continue: false`; without it that is refused as `auto-continue-off`
             * @default false
             */
            anyway?: boolean;
            /**
             * @description null: the branch that is checked out there
             * @default null
             */
            target?: string | null;
            /** @default null */
            agent?: string | null;
            /** @default null */
            slots?: number | null;
            /**
             * @description agents of a wave; null: no waves
             * @default 3
             */
            waveSize?: number | null;
            /**
             * @description a person is asked before each wave is merged
             * @default false
             */
            confirmMerges?: boolean;
            /**
             * @description whether the person has agreed; no agent can say so for them
             * @default no
             * @enum {string}
             */
            confirmed?: "yes" | "unless-red" | "no";
        };
        Comparison: {
            direction: string;
            base: string | null;
            strategies: components["schemas"]["Strategy"][];
            winner: string | null;
            pickedAt: number | null;
        };
        Strategy: {
            task: string;
            key: string;
            title: string;
            branch: string;
            /** @enum {string} */
            status: "queued" | "needs-you" | "working" | "ready" | "landing" | "merged" | "archived" | "failed" | "stopped";
            why: string | null;
            /** @description null: none ran, or not yet */
            checks: {
                passed: number;
                failed: number;
                firstFailure: string | null;
            } | null;
            diff: {
                files: number;
                additions: number;
                deletions: number;
            } | null;
            /** @description decision points of the changed files */
            complexity: {
                before: number;
                after: number;
            } | null;
            benchmark: number | null;
            benchmarkFailed: string | null;
            tokens: number;
            costUsd: number | null;
            elapsedMs: number;
            /** @description in its agent's words, checked by nobody */
            decision: string | null;
            /** @description in its agent's words, checked by nobody */
            tradeoffs: string | null;
            tag: string | null;
        };
        PickStrategy: {
            /** @description its key; null: none of them lands */
            strategy: string | null;
        };
        Diagnosis: {
            findings: components["schemas"]["HealthFindings"];
            /** @description null: nothing is to be done */
            plan: {
                /** @enum {number} */
                version: 1;
                goal: string;
                /** @description sentences that every prompt ends with */
                guardrails: string[];
                /** @description commands that must pass before anything lands */
                checks: string[];
                /** @description command that makes a fresh workspace usable */
                setup: string | null;
                tasks: components["schemas"]["PlanTask"][];
                source: {
                    /** @enum {string} */
                    format: "yaml" | "json" | "markdown" | "speckit" | "checklist" | "citadel" | "inline";
                    file: string | null;
                };
            } | null;
            /** @description the work, the most urgent first */
            queue: {
                rank: number;
                task: string;
                wave: number;
                why: string;
            }[];
            /** @description what could not be looked at, and why */
            unknown: string[];
            notices: string[];
        };
        /** @description What could not be looked at is unknown, never ok. */
        HealthFindings: {
            typecheck: components["schemas"]["CommandFinding"];
            tests: components["schemas"]["CommandFinding"];
            lint: components["schemas"]["CommandFinding"];
            audit: {
                /** @enum {string} */
                status: "ok" | "problem" | "unknown";
                why: string;
                command: string | null;
                counts: {
                    critical: number;
                    high: number;
                    moderate: number;
                    low: number;
                };
                packages: {
                    name: string;
                    /** @enum {string} */
                    severity: "critical" | "high" | "moderate" | "low";
                }[];
            };
            todos: {
                /** @enum {string} */
                status: "ok" | "problem" | "unknown";
                why: string;
                total: number;
                directories: {
                    directory: string;
                    count: number;
                    perThousandLines: number;
                }[];
            };
            staleBranches: {
                /** @enum {string} */
                status: "ok" | "problem" | "unknown";
                why: string;
                branches: {
                    name: string;
                    /** @enum {string} */
                    reason: "merged" | "old";
                    days: number;
                }[];
            };
            notices: string[];
        };
        CommandFinding: {
            /** @enum {string} */
            status: "ok" | "problem" | "unknown";
            why: string;
            command: string | null;
            timedOut: boolean;
            evidence: string;
            files: string[];
        };
        Diagnose: {
            /** @description absolute path of the checkout */
            directory: string;
        };
        SessionPage: {
            items: components["schemas"]["Session"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        CreateSession: {
            /** @description absolute path */
            directory: string;
            /** @default null */
            title?: string | null;
            /**
             * @default worktree
             * @enum {string}
             */
            strategy?: "worktree" | "clone" | "existing";
            /**
             * @description null: a new one; one that exists is worked on
             * @default null
             */
            branch?: string | null;
            /**
             * @description branch or commit that a new branch starts from; null: what is checked out in the directory
             * @default null
             */
            base?: string | null;
            /**
             * @description null: that of the parent, else the default
             * @default null
             */
            agent?: string | null;
            /** @default null */
            model?: string | null;
            /**
             * @description session, by any of its ids, that it is made for
             * @default null
             */
            parent?: string | null;
            /**
             * @description session that is told when a turn of it has ended; the parent too, when none is named
             * @default null
             */
            notify?: string | null;
            /** @default null */
            prompt?: components["schemas"]["PromptSession"] | null;
            /**
             * @description of one turn; null: the default
             * @default null
             */
            timeoutMinutes?: number | null;
        };
        PromptSession: {
            text: string;
            /**
             * @description pictures; 10 at most
             * @default []
             */
            attachments?: {
                /** @enum {string} */
                mime: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
                /** @default null */
                name?: string | null;
                /** @description base64, at most 5 MB decoded */
                data: string;
            }[];
            /**
             * @description for this turn only
             * @default null
             */
            model?: string | null;
            /**
             * @description for this turn only
             * @default null
             */
            mode?: string | null;
        };
        RenameSession: {
            title: string;
        };
        Ended: {
            session: string;
            cleanup: boolean;
            forget: boolean;
        };
        Prompted: {
            session: string;
            /** @description its id */
            prompt: string;
            /** @description number of an event before it, to read the milestones from */
            after: number;
        };
        ForkSession: {
            /** @default null */
            title?: string | null;
            /** @default null */
            prompt?: components["schemas"]["PromptSession"] | null;
            /**
             * @description null: whoever is told of the session that it is forked from
             * @default null
             */
            notify?: string | null;
        };
        HandedOff: {
            session: string;
            items: number;
        };
        HandOff: {
            items: string[];
        };
        Diff: {
            files: components["schemas"]["FileDiff"][];
            patch: string;
            /** @description there is more than what is here */
            cut: boolean;
        };
        FileDiff: {
            path: string;
            /** @enum {string} */
            status: "added" | "modified" | "deleted" | "renamed";
            additions: number | null;
            deletions: number | null;
            from: string | null;
            /** @description null: binary, or longer than what is sent */
            before: string | null;
            after: string | null;
        };
        TranscriptPage: {
            entries: components["schemas"]["TranscriptEntry"][];
            /** @description offset of the next page */
            next: number;
            /** @description the session has ended: nothing comes after the last page */
            ended: boolean;
        };
        TranscriptEntry: {
            /** @description epoch milliseconds */
            at: number;
            /** @enum {string} */
            type: "prompt" | "text" | "thought" | "tool" | "note" | "permission" | "turn";
            /** @description hostile text */
            text: string;
        };
        CallbackPage: {
            items: components["schemas"]["Callback"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        /** @description A message to the session that asked to be told of another's turns. */
        Callback: {
            id: string;
            from: string;
            to: string;
            turn: number;
            /** @enum {string} */
            how: "completed" | "error";
            /** @enum {string} */
            status: "describing" | "waiting" | "queued" | "delivered" | "dropped";
            /** @description why it is not delivered; null when it is */
            reason: string | null;
            /** @description as its receiver reads it */
            text: string;
            /** @description epoch milliseconds */
            at: number;
            /** @description epoch milliseconds */
            deliveredAt: number | null;
        };
        Tree: {
            entries: components["schemas"]["TreeEntry"][];
            cut: boolean;
        };
        TreeEntry: {
            path: string;
            /** @enum {string} */
            type: "file" | "directory";
            size: number;
        };
        FoundFiles: {
            paths: string[];
        };
        FileContent: {
            path: string;
            /** @description null for a binary file */
            content: string | null;
            size: number;
        };
        Edited: {
            session: string;
            path: string;
        };
        FileEdit: {
            /** @enum {string} */
            kind: "write";
            path: string;
            content: string;
        } | {
            /** @enum {string} */
            kind: "directory";
            path: string;
        } | {
            /** @enum {string} */
            kind: "delete";
            path: string;
        } | {
            /** @enum {string} */
            kind: "rename";
            path: string;
            to: string;
        };
        /** @description What the session's agent offers to choose from. */
        Offers: {
            modes: {
                name: string;
                description: string;
            }[];
            models: {
                id: string;
                title: string;
            }[];
            commands: {
                name: string;
                description: string;
            }[];
        };
        ApprovalPage: {
            items: components["schemas"]["Approval"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        AnswerApproval: {
            allow: boolean;
            /**
             * @description told to the agent with the answer
             * @default null
             */
            note?: string | null;
        };
        ClaimPage: {
            items: components["schemas"]["Claim"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        Claim: {
            /** @description of one that was taken under a lease; a task's claim has the task's id */
            id: string;
            /** @description who holds it, for people */
            holder: string;
            task: string | null;
            session: string | null;
            /** @description git's common directory of the repository */
            repository: string;
            scopes: string[];
            purpose: string;
            /** @description epoch milliseconds */
            since: number | null;
            /** @description null: until the task has landed or ended */
            until: number | null;
        };
        TakeClaim: {
            /** @description absolute path of a directory in the repository */
            directory: string;
            /** @description as in a plan: `src/api`, `src/**` or `docs (read-only)` */
            scopes: string[];
            purpose: string;
            /**
             * @description 1 to 1440
             * @default 30
             */
            minutes?: number;
            /**
             * @description that it is for: it is given back when that ends. An agent claims for itself
             * @default null
             */
            session?: string | null;
        };
        RenewClaim: {
            /**
             * @description 1 to 1440
             * @default 30
             */
            minutes?: number;
        };
        DiscoveryPage: {
            items: components["schemas"]["Discovery"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        Discovery: {
            id: string;
            session: string | null;
            task: string | null;
            /** @description git's common directory of the repository */
            repository: string | null;
            /** @description hostile text */
            text: string;
            paths: string[];
            /** @description epoch milliseconds */
            at: number;
        };
        ReportDiscovery: {
            text: string;
            /**
             * @description paths or patterns that it is about
             * @default []
             */
            paths?: string[];
            /**
             * @description where it holds; null: that of the session, or everywhere
             * @default null
             */
            directory?: string | null;
            /**
             * @description who found it. An agent reports for itself
             * @default null
             */
            session?: string | null;
        };
        LandingPage: {
            items: components["schemas"]["Landing"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        Landing: {
            id: string;
            /** @description the order of the queue */
            number: number;
            run: string;
            /** @description the first of `tasks` */
            task: string;
            /** @description keys of all that land in this merge */
            tasks: string[];
            /** @description whose work it is, in a run in waves */
            wave: number | null;
            repository: string;
            target: string;
            /**
             * @description asked: a person is asked whether it may land
             * @enum {string}
             */
            status: "queued" | "asked" | "trying" | "held";
            /** @description why the target cannot be moved now */
            held: components["schemas"]["Fault"] | null;
            /** @description epoch milliseconds */
            retryAt: number | null;
            tries: number;
        };
        Fault: {
            code: string;
            what: string;
            why: string;
            fix: string;
        };
        WebhookPage: {
            items: components["schemas"]["Webhook"][];
            /** @description for the next page; null: this was the last */
            next_cursor: string | null;
        };
        Webhook: {
            id: string;
            url: string;
            /** @description none: everything */
            topics: ("run" | "task" | "session" | "approval" | "landing" | "worker" | "callback" | "claim" | "discovery" | "webhook")[];
            /** @description number of an event before it was added: it is told of those that came later */
            after: number;
            /** @description epoch milliseconds */
            addedAt: number;
            /** @enum {string} */
            status: "active" | "disabled";
            /** @description why it is disabled */
            reason: string | null;
        };
        AddedWebhook: {
            webhook: components["schemas"]["Webhook"];
            /** @description the key of its signatures; it is not shown again */
            secret: string;
        };
        AddWebhook: {
            /** @description https, or http on this machine */
            url: string;
            /**
             * @description none: everything
             * @default []
             */
            topics?: ("run" | "task" | "session" | "approval" | "landing" | "worker" | "callback" | "claim" | "discovery" | "webhook")[];
            /**
             * @description `whsec_` and 24 to 64 bytes in base64; null: the hub makes one
             * @default null
             */
            secret?: string | null;
        };
    };
    responses: {
        /** @description The body is no JSON, or a cursor is none. */
        Refused400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The token is missing or wrong. */
        Refused401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This token may not do that. */
        Refused403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing. */
        Refused404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It cannot be done as things are. */
        Refused409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large. */
        Refused413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body must be JSON. */
        Refused415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too much at once; `Retry-After` says how long to wait. */
        Refused429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No worker is connected, or it did not answer. */
        Refused503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHub: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Hub"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    stopHub: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["StopHub"];
            };
        };
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Stopping"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listWorkers: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["WorkerPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listAgents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["AgentPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listProjects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["ProjectPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    find: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Found"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    wait: {
        parameters: {
            query?: {
                run?: string;
                /** @description can be given several times */
                session?: string[];
                /** @description seconds */
                timeout?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Wait"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description number of an event; default: only what comes from now on */
                after?: number | null;
                run?: string;
                session?: string;
                /** @description run, task, session, approval, landing, worker, callback, claim, discovery, webhook; can be given several times, or with commas */
                topics?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events. The schema is that of each one's data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getOpenapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Ready"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    reviewPlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitRun"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["PlanReview"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    assessPlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssessRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Assessment"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    findConflicts: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConflictsRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["ConflictReport"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                status?: "running" | "stopping" | "done" | "failed" | "cancelled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["RunPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    submitRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitRun"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Run"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Run"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    followRun: {
        parameters: {
            query?: {
                /** @description milestones after this number */
                after?: number | null;
            };
            header?: never;
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events. The schema is that of each one's data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    stopRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Run"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    continueRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Run"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["TaskPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
                /** @description the task's key in its run */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Task"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listAttempts: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
                /** @description the task's key in its run */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["AttemptPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getTaskDiff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
                /** @description the task's key in its run */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Patch"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    stopTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
                /** @description the task's key in its run */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Task"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    retryTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
                /** @description the task's key in its run */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Task"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    tellTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
                /** @description the task's key in its run */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TellTask"];
            };
        };
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Told"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    startCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartCampaign"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["StartedCampaign"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    continueCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContinueCampaign"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["ContinuedCampaign"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    compareStrategies: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Comparison"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    pickStrategy: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id, unique prefix, or `@last` */
                run: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PickStrategy"];
            };
        };
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Run"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    diagnose: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Diagnose"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Diagnosis"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description can be given several times */
                status?: ("starting" | "idle" | "queued" | "working" | "needs-you" | "asleep" | "stopping" | "ended" | "unknown")[];
                /** @description children of this session */
                parent?: string;
                agent?: string;
                /** @description that was named when it was made, or that its agent works in */
                directory?: string;
                /** @description 1: only those of tasks; 0: none of them */
                task?: "0" | "1" | "false" | "true";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["SessionPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSession"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    endSession: {
        parameters: {
            query?: {
                /** @description give its checkout back; what is on no branch is kept aside */
                cleanup?: "0" | "1" | "false" | "true";
                /** @description take it out of the state, when that is done */
                forget?: "0" | "1" | "false" | "true";
            };
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Ended"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    renameSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenameSession"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    promptSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptSession"];
            };
        };
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Prompted"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    stopTurn: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun; `Location` says where to see what comes of it. */
            202: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    resumeSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    forkSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ForkSession"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    handOff: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOff"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["HandedOff"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getSessionDiff: {
        parameters: {
            query?: {
                /** @description 0: without the texts before and after, which are null then */
                texts?: "0" | "1" | "false" | "true";
            };
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Diff"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getTranscript: {
        parameters: {
            query?: {
                offset?: number | null;
            };
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["TranscriptPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listSessionCallbacks: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["CallbackPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listCallbacks: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                to?: string;
                from?: string;
                /** @description can be given several times */
                status?: ("describing" | "waiting" | "queued" | "delivered" | "dropped")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["CallbackPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listFiles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Tree"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    findFiles: {
        parameters: {
            query: {
                text: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["FoundFiles"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getFile: {
        parameters: {
            query: {
                path: string;
            };
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["FileContent"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    editFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FileEdit"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Edited"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    getOffers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description fleet id, a unique prefix of it, or the agent's own session id */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Offers"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description 1 or true, 0 or false */
                all?: "0" | "1" | "false" | "true";
                session?: string;
                run?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["ApprovalPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    answerApproval: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                /** @description its id */
                approval: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerApproval"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Approval"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listClaims: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["ClaimPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    takeClaim: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeClaim"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Claim"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    renewClaim: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                claim: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RenewClaim"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Claim"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    releaseClaim: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                claim: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listDiscoveries: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["DiscoveryPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    reportDiscovery: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportDiscovery"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Discovery"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listLandings: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["LandingPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description items at most */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["WebhookPage"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    addWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddWebhook"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["AddedWebhook"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    enableWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same request with the same key has the same answer for a day, and is done once */
                "idempotency-key"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versioned"] & components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refused400"];
            401: components["responses"]["Refused401"];
            403: components["responses"]["Refused403"];
            404: components["responses"]["Refused404"];
            409: components["responses"]["Refused409"];
            413: components["responses"]["Refused413"];
            415: components["responses"]["Refused415"];
            /** @description A value is wrong; `errors` says which. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Refused429"];
            503: components["responses"]["Refused503"];
        };
    };
}
