package main

import "syscall"

// small makes the buffer of a connection as small as the system lets it: what is not read
// stays with the server.
func small(_, _ string, c syscall.RawConn) error {
	var err error
	if control := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) }); control != nil {
		return control
	}
	return err
}
