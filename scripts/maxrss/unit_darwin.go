// Package maxrss tells the unit in which the system counts the memory of a process.
package maxrss

// Unit is the unit of Rusage.Maxrss in bytes: getrusage(2).
const Unit = 1
