// Package jobs is the queue of long work of a database: imports, computations, exports,
// done by any number of workers on any number of machines. The queue is River's, in the
// schema maillage_jobs of the database that holds the store.
//
// A job that is asked for again while one with the same content waits or runs is that
// one. A job that fails is tried again, later each time. A worker holds a lock of its
// session for each job that it runs: when it is killed, the database lets go of the
// lock, and another worker takes the job up within seconds; a worker that lost its
// connection stops the job. What a job does must be whole or not at all, and the same
// when done twice, as imports and editions are.
package jobs
