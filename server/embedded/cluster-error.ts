/** The embedded PostgreSQL cannot be had, for a reason that a person can put right. */
export class ClusterError extends Error {}
