package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync"

	"github.com/hashicorp/yamux"

	"goplug.test/yamux/internal/pattern"
)

// A command says what to do, and on which stream.
type command struct {
	ID     int    `json:"id"`
	Do     string `json:"do"`
	Stream uint32 `json:"stream"`
	// How much to write or read in all. Reading 0 bytes means reading to the end.
	Bytes int64 `json:"bytes"`
	// The most in one call of Write or Read. Default 64 KiB.
	Chunk int `json:"chunk"`
	// For exchange and give.
	Streams int `json:"streams"`
}

type answer struct {
	ID     int    `json:"id"`
	Stream uint32 `json:"stream,omitempty"`
	// Bytes written or read, NumStreams, bytes of the heap, or nanoseconds of a ping.
	Count int64  `json:"count"`
	Error string `json:"error,omitempty"`
}

// stream remembers how far its pattern was written and read.
type stream struct {
	*yamux.Stream
	written, read int64
}

type peer struct {
	session *yamux.Session
	mutex   sync.Mutex
	streams map[uint32]*stream
}

func newPeer(session *yamux.Session) *peer {
	return &peer{session: session, streams: map[uint32]*stream{}}
}

var (
	stdout      = json.NewEncoder(os.Stdout)
	stdoutMutex sync.Mutex
)

func tell(line any) {
	stdoutMutex.Lock()
	defer stdoutMutex.Unlock()
	_ = stdout.Encode(line)
}

// run carries out each command in a goroutine of its own, so that one that waits does not block others.
func (p *peer) run() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var wanted command
		check(json.Unmarshal(lines.Bytes(), &wanted))
		go func() {
			result, err := p.carryOut(wanted)
			result.ID = wanted.ID
			if err != nil {
				result.Error = err.Error()
			}
			tell(result)
		}()
	}
}

func (p *peer) carryOut(wanted command) (answer, error) {
	switch wanted.Do {
	case "open":
		return p.add(p.session.OpenStream())
	case "accept":
		return p.add(p.session.AcceptStream())
	case "serve":
		return p.serve()
	case "give":
		return p.give(wanted)
	case "exchange":
		return p.exchange(wanted)
	case "ping":
		elapsed, err := p.session.Ping()
		return answer{Count: elapsed.Nanoseconds()}, err
	case "goAway":
		return answer{}, p.session.GoAway()
	case "closeSession":
		return answer{}, p.session.Close()
	case "closed":
		<-p.session.CloseChan()
		return answer{}, nil
	case "streams":
		return answer{Count: int64(p.session.NumStreams())}, nil
	case "memory":
		return answer{Count: memory()}, nil
	}
	return p.onStream(wanted)
}

func (p *peer) onStream(wanted command) (answer, error) {
	p.mutex.Lock()
	on := p.streams[wanted.Stream]
	p.mutex.Unlock()
	if on == nil {
		return answer{}, fmt.Errorf("no command %q, or no stream %d", wanted.Do, wanted.Stream)
	}
	if wanted.Chunk == 0 {
		wanted.Chunk = 64 * 1024
	}
	before := answer{Stream: wanted.Stream}
	switch wanted.Do {
	case "write":
		before.Count = on.written
		err := on.writePattern(wanted.Bytes, wanted.Chunk)
		return answer{Stream: wanted.Stream, Count: on.written - before.Count}, err
	case "read":
		before.Count = on.read
		err := on.readPattern(wanted.Bytes, wanted.Chunk)
		return answer{Stream: wanted.Stream, Count: on.read - before.Count}, err
	case "echo":
		n, err := io.Copy(on, on)
		return answer{Stream: wanted.Stream, Count: n}, errors.Join(err, on.Close())
	case "close":
		return before, on.Close()
	}
	return before, fmt.Errorf("no command %q", wanted.Do)
}

func (p *peer) add(opened *yamux.Stream, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.streams[opened.StreamID()] = &stream{Stream: opened}
	return answer{Stream: opened.StreamID()}, nil
}

// serve echoes every stream of the other side until the session ends. The answer says how many.
func (p *peer) serve() (answer, error) {
	for count := int64(0); ; count++ {
		accepted, err := p.session.Accept()
		if err != nil {
			return answer{Count: count}, err
		}
		go func(echo net.Conn) {
			_, _ = io.Copy(echo, echo)
			_ = echo.Close()
		}(accepted)
	}
}

// give accepts streams, writes the pattern on each and closes it. It reads nothing. The answer comes after the last Close.
func (p *peer) give(wanted command) (answer, error) {
	closed := make(chan error, wanted.Streams)
	for range wanted.Streams {
		accepted, err := p.session.AcceptStream()
		if err != nil {
			return answer{}, err
		}
		go func() {
			err := (&stream{Stream: accepted}).writePattern(wanted.Bytes, 64*1024)
			closed <- errors.Join(err, accepted.Close())
		}()
	}
	var all []error
	for range wanted.Streams {
		all = append(all, <-closed)
	}
	return answer{Count: int64(wanted.Streams) * wanted.Bytes}, errors.Join(all...)
}

// exchange opens streams at once, writes the pattern on each to a peer that echoes, and checks what comes back.
func (p *peer) exchange(wanted command) (answer, error) {
	failed := make(chan error, wanted.Streams)
	for range wanted.Streams {
		opened, err := p.session.OpenStream()
		if err != nil {
			return answer{}, err
		}
		go func() { failed <- exchangeOn(&stream{Stream: opened}, wanted.Bytes) }()
	}
	var all []error
	for range wanted.Streams {
		all = append(all, <-failed)
	}
	return answer{Count: int64(wanted.Streams) * wanted.Bytes}, errors.Join(all...)
}

// Up to v0.1.1 a stream cannot be read after its Close. Hence Close is called when everything has been read.
func exchangeOn(on *stream, bytes int64) error {
	written := make(chan error, 1)
	go func() { written <- on.writePattern(bytes, 64*1024) }()
	err := errors.Join(on.readPattern(bytes, 64*1024), <-written)
	return errors.Join(err, on.Close())
}

func (s *stream) writePattern(bytes int64, chunk int) error {
	for end := s.written + bytes; s.written < end; {
		length := int(min(int64(chunk), end-s.written))
		n, err := s.Write(pattern.Slice(s.StreamID(), s.written, length))
		s.written += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// readPattern reads the given number of bytes, or with 0 to the end.
func (s *stream) readPattern(bytes int64, chunk int) error {
	buffer := make([]byte, chunk)
	for end := s.read + bytes; bytes == 0 || s.read < end; {
		wanted := buffer
		if bytes != 0 {
			wanted = buffer[:min(int64(chunk), end-s.read)]
		}
		n, err := s.Read(wanted)
		if !pattern.Matches(s.StreamID(), s.read, wanted[:n]) {
			return fmt.Errorf("wrong bytes after %d", s.read)
		}
		s.read += int64(n)
		if err == io.EOF && bytes == 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func memory() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
