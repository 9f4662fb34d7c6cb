package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/hashicorp/yamux"

	"goplug.test/yamux/internal/pattern"
)

// How many blocks are requested ahead, so that the client never waits for one.
const ahead = 4

type result struct {
	Case string `json:"case"`
	// Bytes, or messages.
	Count     int64  `json:"count"`
	ElapsedNs int64  `json:"elapsedNs"`
	Error     string `json:"error,omitempty"`
}

// A case measures on a new stream until the deadline, and then until everything in flight has arrived.
var cases = map[string]func(stream *yamux.Stream, deadline time.Time) (int64, error){
	"up": func(stream *yamux.Stream, deadline time.Time) (int64, error) {
		return up(stream, deadline, writeBytes)
	},
	"down":      down,
	"ping-pong": pingPong,
	"1KiB writes": func(stream *yamux.Stream, deadline time.Time) (int64, error) {
		count, err := up(stream, deadline, 1024)
		return count / 1024, err
	},
}

func measure(address string) error {
	connection, err := net.Dial("unix", address)
	if err != nil {
		return err
	}
	session, err := yamux.Client(connection, nil)
	if err != nil {
		return err
	}
	tell(map[string]any{"ready": true, "versions": versions()})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var wanted struct {
			Case string `json:"case"`
			Ms   int64  `json:"ms"`
		}
		if err := json.Unmarshal(lines.Bytes(), &wanted); err != nil {
			return err
		}
		got := result{Case: wanted.Case}
		start := time.Now()
		got.Count, err = runCase(session, wanted.Case, start.Add(time.Duration(wanted.Ms)*time.Millisecond))
		got.ElapsedNs = time.Since(start).Nanoseconds()
		if err != nil {
			got.Error = err.Error()
		}
		tell(got)
	}
	return session.Close()
}

func runCase(session *yamux.Session, name string, deadline time.Time) (int64, error) {
	run, ok := cases[name]
	if !ok {
		return 0, fmt.Errorf("unknown case %q", name)
	}
	stream, err := session.OpenStream()
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	return run(stream, deadline)
}

func up(stream *yamux.Stream, deadline time.Time, chunk int) (int64, error) {
	if _, err := stream.Write([]byte{opUp}); err != nil {
		return 0, err
	}
	blocks := 0
	for time.Now().Before(deadline) {
		if err := writeBlock(stream, chunk); err != nil {
			return 0, err
		}
		blocks++
	}
	verdicts := make([]byte, blocks)
	if _, err := io.ReadFull(stream, verdicts); err != nil {
		return 0, err
	}
	if bytes.IndexByte(verdicts, wrong) >= 0 {
		return 0, errors.New("wrong bytes")
	}
	return int64(blocks) * blockBytes, nil
}

func down(stream *yamux.Stream, deadline time.Time) (int64, error) {
	if _, err := stream.Write(append([]byte{opDown}, make([]byte, ahead)...)); err != nil {
		return 0, err
	}
	buffer := make([]byte, writeBytes)
	asked := int64(ahead)
	got := int64(0)
	for got < asked*blockBytes {
		n, err := stream.Read(buffer[:min(writeBytes, blockBytes-got%blockBytes)])
		if err != nil {
			return 0, err
		}
		if !pattern.Matches(0, got%blockBytes, buffer[:n]) {
			return 0, errors.New("wrong bytes")
		}
		got += int64(n)
		if got%blockBytes != 0 || !time.Now().Before(deadline) {
			continue
		}
		if _, err := stream.Write([]byte{1}); err != nil {
			return 0, err
		}
		asked++
	}
	return got, nil
}

func pingPong(stream *yamux.Stream, deadline time.Time) (int64, error) {
	if _, err := stream.Write([]byte{opEcho}); err != nil {
		return 0, err
	}
	reply := make([]byte, messageBytes)
	for count := int64(0); ; count++ {
		if !time.Now().Before(deadline) {
			return count, nil
		}
		message := pattern.Slice(0, count%251, messageBytes)
		if _, err := stream.Write(message); err != nil {
			return 0, err
		}
		if _, err := io.ReadFull(stream, reply); err != nil {
			return 0, err
		}
		if !bytes.Equal(message, reply) {
			return 0, errors.New("wrong bytes")
		}
	}
}
