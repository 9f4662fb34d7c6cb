package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"sync"
)

// event is what a side sent: the opening of a stream, or bytes on one.
type event struct {
	From   string `json:"from"`
	Stream uint32 `json:"stream"`
	Open   bool   `json:"open,omitempty"`
	Data   string `json:"data,omitempty"`
}

// transcript is what was sent, in order. Window updates, acknowledgements, pings and ends are left out, because
// chance decides when they are sent. Chance also decides how bytes are cut into frames: consecutive bytes of one
// side on one stream are joined.
type transcript struct {
	mu     sync.Mutex
	events []event
}

func (t *transcript) open(from string, stream uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = append(t.events, event{From: from, Stream: stream, Open: true})
}

func (t *transcript) data(from string, stream uint32, body []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.events); n > 0 {
		last := &t.events[n-1]
		if last.From == from && last.Stream == stream && !last.Open {
			last.Data += hex.EncodeToString(body)
			return
		}
	}
	t.events = append(t.events, event{From: from, Stream: stream, Data: hex.EncodeToString(body)})
}

// write puts one event on a line, so that a difference shows as a line.
func (t *transcript) write(path string) error {
	var text bytes.Buffer
	text.WriteString("[\n")
	for i, event := range t.events {
		line, err := json.Marshal(event)
		if err != nil {
			return err
		}
		text.WriteString("  ")
		text.Write(line)
		if i < len(t.events)-1 {
			text.WriteString(",")
		}
		text.WriteString("\n")
	}
	text.WriteString("]\n")
	return os.WriteFile(path, text.Bytes(), 0o644)
}

// The parts of yamux that are needed here.
const (
	headerBytes = 12
	typeData    = 0
	flagSYN     = 1
)

// frames is a writer that parses one direction of a yamux session.
type frames struct {
	from    string
	record  *transcript
	pending []byte
}

func (f *frames) Write(p []byte) (int, error) {
	f.pending = append(f.pending, p...)
	for len(f.pending) >= headerBytes {
		kind, flags := f.pending[1], binary.BigEndian.Uint16(f.pending[2:])
		stream, length := binary.BigEndian.Uint32(f.pending[4:]), binary.BigEndian.Uint32(f.pending[8:])
		body := 0
		if kind == typeData {
			body = int(length)
		}
		if len(f.pending) < headerBytes+body {
			break
		}
		if flags&flagSYN != 0 && kind <= 1 { // a ping has a SYN too
			f.record.open(f.from, stream)
		}
		if body > 0 {
			f.record.data(f.from, stream, f.pending[headerBytes:headerBytes+body])
		}
		f.pending = f.pending[headerBytes+body:]
	}
	return len(p), nil
}
