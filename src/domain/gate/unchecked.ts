/** Said with the question whether a campaign may begin, where neither its plan nor its tasks nor the project name a check. */
export const nothingChecked = "Neither the plan nor harness.json names a check: nothing will be checked when it is merged."
