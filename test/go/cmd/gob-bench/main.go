// Command gob-bench measures Go's own encoding/gob on the payloads of internal/bench: one encoder or
// decoder whose peer knows the types already, as on an RPC connection. It stays up and answers
// commands as all contenders do; a case is `encode a` to `decode g`.
//
//	gob-bench              measure on command
//	gob-bench -print a     write one payload's stream to stdout: definitions and value
package main

import (
	"bytes"
	"encoding/gob"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"goplug.test/peers/internal/bench"
)

var printed = flag.String("print", "", "the payload to write to stdout")

func main() {
	flag.Parse()
	// Predeclared types inside interface{} values are registered by gob itself.
	payloads := bench.Payloads()
	if *printed != "" {
		if err := gob.NewEncoder(os.Stdout).Encode(payloads[*printed]); err != nil {
			fmt.Fprintln(os.Stderr, "gob-bench:", err)
			os.Exit(1)
		}
		return
	}
	bench.Answer(func(name string, duration time.Duration) (bench.Result, error) {
		way, letter, _ := strings.Cut(name, " ")
		payload, ok := payloads[letter]
		if !ok {
			return bench.Result{}, fmt.Errorf("unknown case %q", name)
		}
		if way == "encode" {
			return encode(payload, duration)
		}
		return decode(payload, duration)
	})
}

func encode(payload any, duration time.Duration) (bench.Result, error) {
	var out bytes.Buffer
	encoder := gob.NewEncoder(&out)
	// The first value brings the definitions along.
	if err := encoder.Encode(payload); err != nil {
		return bench.Result{}, err
	}
	return measure(duration, func() error {
		out.Reset()
		return encoder.Encode(payload)
	})
}

func decode(payload any, duration time.Duration) (bench.Result, error) {
	var out bytes.Buffer
	encoder := gob.NewEncoder(&out)
	if err := encoder.Encode(payload); err != nil {
		return bench.Result{}, err
	}
	in := bytes.NewReader(bytes.Clone(out.Bytes()))
	decoder := gob.NewDecoder(in)
	t := reflect.TypeOf(payload)
	if err := decoder.DecodeValue(reflect.New(t)); err != nil {
		return bench.Result{}, err
	}
	out.Reset()
	if err := encoder.Encode(payload); err != nil {
		return bench.Result{}, err
	}
	in.Reset(out.Bytes())
	var last reflect.Value
	result, err := measure(duration, func() error {
		_, _ = in.Seek(0, 0)
		last = reflect.New(t)
		return decoder.DecodeValue(last)
	})
	if err == nil && !reflect.DeepEqual(last.Elem().Interface(), payload) {
		err = fmt.Errorf("wrong value")
	}
	return result, err
}

// measure repeats op for the given time and looks at the clock about once in a tenth of a millisecond.
func measure(duration time.Duration, op func() error) (bench.Result, error) {
	batch := 1
	var result bench.Result
	var times []int64
	for result.ElapsedNs < duration.Nanoseconds() {
		start := time.Now()
		for range batch {
			if err := op(); err != nil {
				return result, err
			}
		}
		elapsed := time.Since(start).Nanoseconds()
		result.ElapsedNs += elapsed
		result.Count += int64(batch)
		times = append(times, elapsed/int64(batch))
		if elapsed < 50_000 {
			batch *= 2
		}
	}
	slices.Sort(times)
	result.P50Ns = times[len(times)/2]
	return result, nil
}
