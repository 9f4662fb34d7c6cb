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

// stream is what one encoder writes: some values, and what each decodes to in its receiver's type.
type stream struct {
	data   []byte
	values []*sample
}

// sample is a value on a stream.
type sample struct {
	sender, receiver reflect.Type
	// decoded is the value decoded into the sender's type, where a pointer to zero becomes nil.
	decoded reflect.Value
	// prior is the value that the receiver decodes into. It is invalid for a new value.
	prior reflect.Value
	got   reflect.Value
	// refusal is Go's error where the receiver's type does not fit.
	refusal error
}

var errPanic = errors.New("panic")

// caught turns panics into errors. Types on which Go panics are not used as receivers.
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
		// Often the same type again: its definition is sent only once.
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

// encodable is the value as Encode takes it: an interface is only kept behind a pointer.
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

// isGobs distinguishes gob's own errors from those of types that were given another type's bytes.
func isGobs(refusal error) bool {
	text := refusal.Error()
	return strings.HasPrefix(text, "gob: ") || strings.HasPrefix(text, "value for ")
}

// decode reads the i-th value. The values before it are decoded into their own types, which cannot fail.
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

// clone copies everything that a decoder may change.
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

// check decodes another encoder's bytes for the same values. The results must be the same as with Go's bytes.
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
