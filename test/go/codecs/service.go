package main

import (
	"errors"
	"fmt"
	"time"
)

// Plugin is what both sides serve.
type Plugin struct{}

// Sample sends one of the values that both sides know.
func (Plugin) Sample(name string, reply *Everything) error {
	sample, ok := samples[name]
	if !ok {
		return errors.New("no such sample")
	}
	*reply = sample
	return nil
}

// Check replies with the names of the fields in which a value differs from the sample of its name.
func (Plugin) Check(sent Everything, reply *string) error {
	for _, sample := range samples {
		if sample.Name == sent.Name {
			*reply = differences(sent, sample)
			return nil
		}
	}
	*reply = fmt.Sprintf("no sample %q", sent.Name)
	return nil
}

// Slow replies after ms milliseconds.
func (Plugin) Slow(ms int, reply *int) error {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	*reply = ms
	return nil
}

func (Plugin) Double(n int64, reply *int64) error {
	*reply = 2 * n
	return nil
}

func (Plugin) Fail(text string, reply *int) error {
	return errors.New(text)
}

func (Plugin) Any(arg interface{}, reply *interface{}) error {
	*reply = fmt.Sprintf("%T %v", arg, arg)
	return nil
}
