/** Names that the processes of one machine agree on. */
export const localWorker = "local"
