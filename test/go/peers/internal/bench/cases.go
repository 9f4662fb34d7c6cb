package bench

import (
	"bytes"
	"fmt"
	"net/rpc"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Case is a call that a measurement repeats, and how many of them are in flight.
type Case struct {
	InFlight int
	Call     func(*rpc.Client) error
}

// Text and Sample are the small payloads.
const Text = "Hello, plugin! Hello, host!"

// Sample is the record that is sent and must come back.
var Sample = Record{
	ID: 1234567890123, Name: "a record of ten", Active: true, Count: -42, Ratio: 0.125,
	Level: 7, Flags: 1 << 31, Offset: -100000, Score: 99.75, Comment: "with a comment of some length",
}

// Cases by name; the number at the end of a name is the calls in flight, 8 where there is none.
var Cases = map[string]Case{
	"string 1":  {1, echo},
	"string 64": {64, echo},
	"struct 1":  {1, record},
	"struct 64": {64, record},
	"64KiB 64":  {64, func(c *rpc.Client) error { return echoBytes(c, 64<<10) }},
	"4MiB down": {8, func(c *rpc.Client) error { return down(c, 4<<20) }},
	"4MiB up":   {8, func(c *rpc.Client) error { return up(c, 4<<20) }},
	"4MiB echo": {8, func(c *rpc.Client) error { return echoBytes(c, 4<<20) }},
}

func echo(client *rpc.Client) error {
	var reply string
	err := client.Call("Plugin.Echo", Text, &reply)
	return check(err, reply == Text)
}

func record(client *rpc.Client) error {
	var reply Record
	err := client.Call("Plugin.Struct", Sample, &reply)
	return check(err, reply == Sample)
}

func echoBytes(client *rpc.Client, n int) error {
	var reply []byte
	err := client.Call("Plugin.Bytes", Pattern()[:n], &reply)
	return check(err, bytes.Equal(reply, Pattern()[:n]))
}

func down(client *rpc.Client, n int) error {
	var reply []byte
	err := client.Call("Plugin.Down", n, &reply)
	return check(err, bytes.Equal(reply, Pattern()[:n]))
}

func up(client *rpc.Client, n int) error {
	var reply int
	err := client.Call("Plugin.Up", Pattern()[:n], &reply)
	return check(err, reply == n)
}

func check(err error, right bool) error {
	if err == nil && !right {
		return fmt.Errorf("wrong reply")
	}
	return err
}

// Result is the answer to one command.
type Result struct {
	Case      string `json:"case"`
	Count     int64  `json:"count"`
	ElapsedNs int64  `json:"elapsedNs"`
	P50Ns     int64  `json:"p50Ns"`
	Error     string `json:"error,omitempty"`
}

// Run repeats the case for the given time: each of InFlight goroutines calls, waits and calls again.
func (c Case) Run(client *rpc.Client, duration time.Duration) (Result, error) {
	var (
		all    sync.WaitGroup
		count  atomic.Int64
		failed atomic.Pointer[error]
		times  = make([][]int64, c.InFlight)
	)
	start := time.Now()
	deadline := start.Add(duration)
	for worker := range c.InFlight {
		all.Add(1)
		go func() {
			defer all.Done()
			for before := time.Now(); before.Before(deadline); {
				if err := c.Call(client); err != nil {
					failed.Store(&err)
					return
				}
				after := time.Now()
				times[worker] = append(times[worker], after.Sub(before).Nanoseconds())
				before = after
				count.Add(1)
			}
		}()
	}
	all.Wait()
	result := Result{Count: count.Load(), ElapsedNs: time.Since(start).Nanoseconds()}
	if err := failed.Load(); err != nil {
		return result, *err
	}
	sorted := slices.Concat(times...)
	slices.Sort(sorted)
	if len(sorted) > 0 {
		result.P50Ns = sorted[len(sorted)/2]
	}
	return result, nil
}
