package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"

	"github.com/hashicorp/yamux"

	"goplug.test/yamux/internal/pattern"
)

const (
	blockBytes   = 1 << 20
	writeBytes   = 64 << 10
	messageBytes = 64
)

// The first byte of a stream says what it is for.
const (
	// The client sends blocks of the pattern. Each is answered by one byte: right or wrong.
	opUp = 'u'
	// Each byte of the client requests a block of the pattern.
	opDown = 'd'
	// Messages are echoed.
	opEcho = 'e'

	right, wrong = 'k', 'x'
)

// serve runs until stdin ends.
func serve() error {
	folder, err := os.MkdirTemp("", "goplug-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	listener, err := net.Listen("unix", filepath.Join(folder, "s"))
	if err != nil {
		return err
	}
	tell(map[string]any{"address": listener.Addr().String(), "versions": versions()})
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go serveSession(connection)
		}
	}()
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func serveSession(connection net.Conn) {
	session, err := yamux.Server(connection, nil)
	check(err)
	for {
		stream, err := session.AcceptStream()
		if err != nil {
			return
		}
		go func() {
			defer stream.Close()
			if err := serveStream(stream); err != nil && !errors.Is(err, io.EOF) {
				fmt.Fprintln(os.Stderr, "bench:", err)
			}
		}()
	}
}

func serveStream(stream *yamux.Stream) error {
	var op [1]byte
	if _, err := io.ReadFull(stream, op[:]); err != nil {
		return err
	}
	switch op[0] {
	case opUp:
		return takeBlocks(stream)
	case opDown:
		return giveBlocks(stream)
	case opEcho:
		return echoMessages(stream)
	}
	return fmt.Errorf("unknown op %q", op[0])
}

func takeBlocks(stream *yamux.Stream) error {
	buffer := make([]byte, writeBytes)
	for {
		verdict := byte(right)
		for at := 0; at < blockBytes; {
			n, err := stream.Read(buffer[:min(len(buffer), blockBytes-at)])
			if err != nil {
				return err
			}
			if !pattern.Matches(0, int64(at), buffer[:n]) {
				verdict = wrong
			}
			at += n
		}
		if _, err := stream.Write([]byte{verdict}); err != nil {
			return err
		}
	}
}

func giveBlocks(stream *yamux.Stream) error {
	wanted := make([]byte, 16)
	for {
		n, err := stream.Read(wanted)
		if err != nil {
			return err
		}
		for range n {
			if err := writeBlock(stream, writeBytes); err != nil {
				return err
			}
		}
	}
}

func writeBlock(stream *yamux.Stream, chunk int) error {
	for at := 0; at < blockBytes; at += chunk {
		if _, err := stream.Write(pattern.Slice(0, int64(at), chunk)); err != nil {
			return err
		}
	}
	return nil
}

func echoMessages(stream *yamux.Stream) error {
	message := make([]byte, messageBytes)
	for {
		if _, err := io.ReadFull(stream, message); err != nil {
			return err
		}
		if _, err := stream.Write(message); err != nil {
			return err
		}
	}
}
