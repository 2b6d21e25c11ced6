// Package table says how the rows of a dataset lie in the tables of a database:
// names of tables and columns, how values that SQL has no type for are written, the
// queries that read them back, and those that look for damage. Every store that is a
// database uses it, so that what one keeps another keeps, and in the same columns. It
// opens nothing.
package table
