package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
)

// serving makes a mode with a correct line and a real socket, on which serve handles each connection.
func serving(about string, serve func(net.Conn)) mode {
	return mode{about, func([]string) {
		listener, remove := listen()
		defer remove()
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				go serve(conn)
			}
		}()
		stay()
	}}
}

// listen opens a socket and prints the line for it.
func listen() (net.Listener, func()) {
	dir, err := os.MkdirTemp("", "bad-plugin")
	if err != nil {
		panic(err)
	}
	path := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		panic(err)
	}
	fmt.Printf("1|1|unix|%s|netrpc|\n", path)
	return listener, func() { os.RemoveAll(dir) }
}

func init() {
	modes["mute"] = serving("accepts, reads and never answers", func(conn net.Conn) {
		_, _ = io.Copy(io.Discard, conn)
	})
	modes["hang-up"] = serving("accepts and closes at once", func(conn net.Conn) { conn.Close() })
	modes["reset"] = serving("closes after the first bytes", func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 1))
		conn.Close()
	})
	modes["not-yamux"] = serving("answers with text", func(conn net.Conn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
		_, _ = io.Copy(io.Discard, conn)
	})
	modes["line-then-exit"] = mode{"a good line with a socket, then exit [code]", func(args []string) {
		_, remove := listen()
		remove()
		os.Exit(code(args))
	}}
}
