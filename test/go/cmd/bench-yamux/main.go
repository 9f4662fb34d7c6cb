// Command bench-yamux measures HashiCorp's own yamux over a unix socket.
//
//	bench-yamux server SOCKET    listens, prints {"ready":true} and serves any number of sessions
//	bench-yamux client SOCKET    connects and measures one case per line on stdin (see internal/bench)
//
// The first byte on a stream says what it is for:
//
//	u   the client writes and closes its half; the server answers with the count, 8 bytes big-endian
//	d   8 bytes big-endian follow: so many bytes the server writes, and closes
//	p   the server writes back what it reads
//
// Cases: "up" and "1KiB writes" (count is bytes written), "down" (64 MiB, bytes read), "ping-pong" (round trips
// of 64 bytes).
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"time"

	"github.com/hashicorp/yamux"

	"goplug.test/peers/internal/bench"
)

const (
	chunkBytes    = 64 << 10
	downloadBytes = 64 << 20
	pingBytes     = 64
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: bench-yamux server|client SOCKET")
		os.Exit(2)
	}
	run := client
	if os.Args[1] == "server" {
		run = server
	}
	if err := run(os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "bench-yamux:", err)
		os.Exit(1)
	}
}

// quiet is the default configuration, which is go-plugin's, without messages on stderr.
func quiet() *yamux.Config {
	config := yamux.DefaultConfig()
	config.LogOutput = io.Discard
	return config
}

func server(path string) error {
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	fmt.Println(`{"ready":true}`)
	go func() {
		// Whoever started us ends us by closing our stdin.
		_, _ = io.Copy(io.Discard, os.Stdin)
		listener.Close()
	}()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return nil
		}
		session, err := yamux.Server(conn, quiet())
		if err != nil {
			return err
		}
		go func() {
			for {
				stream, err := session.AcceptStream()
				if err != nil {
					return
				}
				go serve(stream)
			}
		}()
	}
}

func serve(stream *yamux.Stream) {
	defer stream.Close()
	var kind [1]byte
	if _, err := io.ReadFull(stream, kind[:]); err != nil {
		return
	}
	buffer := make([]byte, chunkBytes)
	switch kind[0] {
	case 'u':
		var total uint64
		for {
			n, err := stream.Read(buffer)
			total += uint64(n)
			if err != nil {
				break
			}
		}
		_ = binary.Write(stream, binary.BigEndian, total)
	case 'd':
		var left uint64
		if err := binary.Read(stream, binary.BigEndian, &left); err != nil {
			return
		}
		for left > 0 {
			n, err := stream.Write(buffer[:min(left, chunkBytes)])
			if err != nil {
				return
			}
			left -= uint64(n)
		}
	case 'p':
		_, _ = io.CopyBuffer(struct{ io.Writer }{stream}, struct{ io.Reader }{stream}, buffer)
	}
}

func client(path string) error {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return err
	}
	session, err := yamux.Client(conn, quiet())
	if err != nil {
		return err
	}
	cases := map[string]func(*yamux.Stream, time.Time) (bench.Result, error){
		"up":          upload(chunkBytes),
		"1KiB writes": upload(1 << 10),
		"down":        download,
		"ping-pong":   pingPong,
	}
	bench.Answer(func(name string, duration time.Duration) (bench.Result, error) {
		measure, known := cases[name]
		if !known {
			return bench.Result{}, fmt.Errorf("unknown case %q", name)
		}
		stream, err := session.OpenStream()
		if err != nil {
			return bench.Result{}, err
		}
		defer stream.Close()
		start := time.Now()
		result, err := measure(stream, start.Add(duration))
		result.ElapsedNs = time.Since(start).Nanoseconds()
		return result, err
	})
	return session.Close()
}

// upload is over when the server has counted everything.
func upload(chunk int) func(*yamux.Stream, time.Time) (bench.Result, error) {
	return func(stream *yamux.Stream, deadline time.Time) (result bench.Result, err error) {
		if _, err := stream.Write([]byte{'u'}); err != nil {
			return result, err
		}
		buffer := make([]byte, chunk)
		for time.Now().Before(deadline) {
			if _, err := stream.Write(buffer); err != nil {
				return result, err
			}
			result.Count += int64(chunk)
		}
		if err := stream.Close(); err != nil {
			return result, err
		}
		var total uint64
		if err := binary.Read(stream, binary.BigEndian, &total); err != nil {
			return result, err
		}
		if total != uint64(result.Count) {
			err = fmt.Errorf("%d bytes of %d arrived", total, result.Count)
		}
		return result, err
	}
}

// download takes as long as its 64 MiB take, whatever the deadline.
func download(stream *yamux.Stream, _ time.Time) (result bench.Result, err error) {
	request := binary.BigEndian.AppendUint64([]byte{'d'}, downloadBytes)
	if _, err := stream.Write(request); err != nil {
		return result, err
	}
	buffer := make([]byte, chunkBytes)
	for {
		n, err := stream.Read(buffer)
		result.Count += int64(n)
		if err != nil {
			break
		}
	}
	if result.Count != downloadBytes {
		return result, fmt.Errorf("%d bytes of %d arrived", result.Count, downloadBytes)
	}
	return result, nil
}

func pingPong(stream *yamux.Stream, deadline time.Time) (result bench.Result, err error) {
	if _, err := stream.Write([]byte{'p'}); err != nil {
		return result, err
	}
	buffer := make([]byte, pingBytes)
	var times []int64
	for before := time.Now(); before.Before(deadline); {
		if _, err := stream.Write(buffer); err != nil {
			return result, err
		}
		if _, err := io.ReadFull(stream, buffer); err != nil {
			return result, err
		}
		after := time.Now()
		times = append(times, after.Sub(before).Nanoseconds())
		before = after
	}
	slices.Sort(times)
	result.Count = int64(len(times))
	if len(times) > 0 {
		result.P50Ns = times[len(times)/2]
	}
	return result, nil
}
