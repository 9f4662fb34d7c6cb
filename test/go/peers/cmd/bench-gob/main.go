// Command bench-gob measures Go's own encoding/gob: one case per line on stdin (see internal/bench),
// "encode a" to "decode g", where the letter is a payload of internal/bench. A round is one value on
// a stream that knows its types already.
//
//	bench-gob
//	bench-gob -payload a      print a stream with that value, types in front, as hex
package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"time"

	"goplug.test/peers/internal/bench"
)

func main() {
	payload := flag.String("payload", "", "print this payload and exit")
	flag.Parse()
	payloads := bench.Payloads()
	if *payload != "" {
		first, _, err := streams(payloads[*payload])
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench-gob:", err)
			os.Exit(1)
		}
		fmt.Println(hex.EncodeToString(first))
		return
	}
	bench.Answer(func(name string, duration time.Duration) (bench.Result, error) {
		verb, letter, _ := strings.Cut(name, " ")
		value, known := payloads[letter]
		switch {
		case known && verb == "encode":
			return repeat(duration, encoding(value))
		case known && verb == "decode":
			return repeat(duration, decoding(value))
		}
		return bench.Result{}, fmt.Errorf("unknown case %q", name)
	})
}

// streams are the bytes of the first value, with types, and of each value after it.
func streams(value any) (first, next []byte, err error) {
	var stream bytes.Buffer
	encoder := gob.NewEncoder(&stream)
	if err := encoder.Encode(value); err != nil {
		return nil, nil, err
	}
	first = bytes.Clone(stream.Bytes())
	stream.Reset()
	err = encoder.Encode(value)
	return first, stream.Bytes(), err
}

func encoding(value any) func() error {
	var stream bytes.Buffer
	encoder := gob.NewEncoder(&stream)
	return func() error {
		stream.Reset()
		return encoder.Encode(value)
	}
}

// decoding reads an endless stream of the same value, each into a fresh variable.
func decoding(value any) func() error {
	first, next, err := streams(value)
	decoder := gob.NewDecoder(&endless{rest: first, again: next})
	t := reflect.TypeOf(value)
	return func() error {
		if err != nil {
			return err
		}
		return decoder.DecodeValue(reflect.New(t))
	}
}

// endless reads rest again and again. It is an io.ByteReader, so that gob does not buffer.
type endless struct{ rest, again []byte }

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		e.rest = e.again
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func (e *endless) ReadByte() (byte, error) {
	var b [1]byte
	_, err := io.ReadFull(e, b[:])
	return b[0], err
}

// repeat reads the clock after each batch of rounds. The batches grow while they take little time.
func repeat(duration time.Duration, round func() error) (bench.Result, error) {
	var result bench.Result
	start := time.Now()
	for batch := 1; time.Since(start) < duration; {
		before := time.Now()
		for range batch {
			if err := round(); err != nil {
				return result, err
			}
		}
		result.Count += int64(batch)
		elapsed := time.Since(before)
		result.P50Ns = elapsed.Nanoseconds() / int64(batch)
		if elapsed < time.Millisecond {
			batch *= 2
		}
	}
	result.ElapsedNs = time.Since(start).Nanoseconds()
	return result, nil
}
