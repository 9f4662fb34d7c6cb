package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// stream is what one encoder writes: some values, and what becomes of each in its receiver's type.
type stream struct {
	data   []byte
	values []*sample
}

// sample is a value on a stream.
type sample struct {
	sender, receiver reflect.Type
	// decoded is the value as Go reads it back into the sender's type: a pointer to zero is nil there.
	decoded reflect.Value
	// prior is what the receiver decodes into, and merges with; invalid for a new value.
	prior reflect.Value
	got   reflect.Value
	// refusal is Go's error where the receiver's type does not fit.
	refusal error
}

var errPanic = errors.New("panic")

// caught turns Go's panics into errors; a receiver that Go panics on is no receiver for us.
func caught(run func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%w: %v", errPanic, reason)
		}
	}()
	return run()
}

func (g *generator) stream() (*stream, error) {
	s := &stream{}
	var data bytes.Buffer
	encoder := gob.NewEncoder(&data)
	var sender reflect.Type
	for range 1 + g.IntN(5) {
		// Often the same type once more: its definition is not sent again.
		if sender == nil || !g.chance(3) {
			sender = g.typ(maxDepth)
		}
		v := g.value(sender, top, maxDepth)
		err := caught(func() error { return encoder.EncodeValue(encodable(v)) })
		if err != nil {
			return nil, fmt.Errorf("encoding %v: %w", sender, err)
		}
		s.values = append(s.values, &sample{sender: sender, receiver: sender})
	}
	s.data = data.Bytes()
	for i, sample := range s.values {
		if err := s.judge(g, i, sample); err != nil {
			return nil, fmt.Errorf("decoding %v: %w", sample.sender, err)
		}
	}
	return s, nil
}

// encodable is the value as gob takes it at the top: an interface only through a pointer.
func encodable(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return v.Addr()
	}
	return v
}

func (s *stream) judge(g *generator, i int, sample *sample) error {
	sample.decoded = reflect.New(sample.sender).Elem()
	if err := s.decode(s.data, i, sample.decoded); err != nil {
		return err
	}
	if !g.chance(3) {
		sample.receiver = g.mutate(sample.sender, maxDepth)
	}
	sample.got = reflect.New(sample.receiver).Elem()
	if g.chance(4) && !hasObjectKeys(sample.receiver) {
		sample.prior = g.value(sample.receiver, field, maxDepth)
		sample.got = clone(sample.prior)
	}
	sample.refusal = s.decode(s.data, i, sample.got)
	if errors.Is(sample.refusal, errPanic) || sample.refusal != nil && !isGobs(sample.refusal) {
		sample.receiver, sample.prior, sample.got, sample.refusal = sample.sender, reflect.Value{}, sample.decoded, nil
	}
	return nil
}

// isGobs tells gob's own refusals from those of types that were given another type's bytes.
func isGobs(refusal error) bool {
	text := refusal.Error()
	return strings.HasPrefix(text, "gob: ") || strings.HasPrefix(text, "value for ")
}

// decode reads the i-th value; those before it into their own types, so that nothing goes wrong there.
func (s *stream) decode(data []byte, i int, into reflect.Value) error {
	return caught(func() error {
		decoder := gob.NewDecoder(bytes.NewReader(data))
		for _, before := range s.values[:i] {
			if err := decoder.DecodeValue(reflect.New(before.sender)); err != nil {
				return fmt.Errorf("an earlier value: %w", err)
			}
		}
		return decoder.DecodeValue(into.Addr())
	})
}

// clone copies all that a decoder may write through.
func clone(v reflect.Value) reflect.Value {
	to := reflect.New(v.Type()).Elem()
	if hasOwnBytes(v.Type()) {
		setOwnBytes(to.Addr(), marshal(v))
		return to
	}
	to.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			to.Set(reflect.New(v.Type().Elem()))
			to.Elem().Set(clone(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			to.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			cloneElements(to, v)
		}
	case reflect.Array:
		cloneElements(to, v)
	case reflect.Map:
		if !v.IsNil() {
			to.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				to.SetMapIndex(key, clone(v.MapIndex(key)))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if isSent(v.Type().Field(i)) {
				to.Field(i).Set(clone(v.Field(i)))
			}
		}
	}
	return to
}

func cloneElements(to, from reflect.Value) {
	for i := range from.Len() {
		to.Index(i).Set(clone(from.Index(i)))
	}
}

func (s *stream) describe(isExact bool) object {
	values := []any{}
	for _, sample := range s.values {
		described := object{"type": describeType(sample.sender), "value": describeValue(sample.decoded)}
		if sample.receiver != sample.sender {
			described["receiver"] = describeType(sample.receiver)
		}
		if sample.prior.IsValid() {
			described["prior"] = describeValue(sample.prior)
		}
		if sample.refusal != nil {
			described["refusal"] = sample.refusal.Error()
		} else {
			described["got"] = describeValue(sample.got)
		}
		values = append(values, described)
	}
	return object{"hex": hex.EncodeToString(s.data), "isExact": isExact, "values": values}
}

// check decodes another encoder's bytes for the same values; both outcomes must be as with Go's own.
func (s *stream) check(data []byte) error {
	for i, sample := range s.values {
		same := reflect.New(sample.sender).Elem()
		if err := s.decode(data, i, same); err != nil {
			return fmt.Errorf("value %d: %w", i, err)
		}
		if !equal(same, sample.decoded) {
			return fmt.Errorf("value %d: Go reads %#v", i, same)
		}
		got := reflect.New(sample.receiver).Elem()
		if sample.prior.IsValid() {
			got = clone(sample.prior)
		}
		err := s.decode(data, i, got)
		if (err == nil) != (sample.refusal == nil) {
			return fmt.Errorf("value %d into %v: Go says %v, of its own bytes %v", i, sample.receiver, err, sample.refusal)
		}
		if err == nil && !mayJoinKeys(sample.sender, sample.receiver) && !equal(got, sample.got) {
			return fmt.Errorf("value %d into %v: Go reads %#v", i, sample.receiver, got)
		}
	}
	return nil
}
