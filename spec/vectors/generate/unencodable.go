package main

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"time"

	"example.com/full/p"
)

// refused is a value that Go does not encode, or a registration that it does not accept.
type refused struct {
	clause, id, text string
	run              func(*gob.Encoder) error
}

// r makes an entry for a value. text is the value's Go source.
func r(id, text string, value any, register ...any) refused {
	return refused{"GOB-31", id, text, func(encoder *gob.Encoder) error {
		for _, value := range register {
			gob.Register(value)
		}
		return encoder.Encode(value)
	}}
}

func registering(id, text string, run func()) refused {
	return refused{"GOB-28", id, text, func(*gob.Encoder) error { run(); return nil }}
}

var unencodable = []refused{
	r("time-minus1min", `time.Date(2023, 1, 1, 0, 0, 0, 0, time.FixedZone("X", -60))`,
		time.Date(2023, 1, 1, 0, 0, 0, 0, time.FixedZone("X", -60))),
	r("gobp-val", `GobP{"x"}`, GobP{"x"}),
	r("err-nil", `nil`, nil),
	r("err-chan", `make(chan int)`, make(chan int)),
	r("err-func", `func() {}`, func() {}),
	r("err-chan-slice", `[]chan int{nil}`, []chan int{nil}),
	r("err-noexported", `struct{ a int }{1}`, struct{ a int }{1}),
	r("err-onlychan", `struct{ C chan int }{}`, struct{ C chan int }{}),
	r("err-nil-elem", `[]*int{nil}`, []*int{nil}),
	r("err-nil-mapelem", `map[string]*int{"a": nil}`, map[string]*int{"a": nil}),
	r("err-unregistered", `iface(Point{1, 2})`, iface(Point{1, 2})),
	r("err-error-value", `iface(errors.New("x"))`, iface(errors.New("x"))),
	r("err-typed-nil-in-iface", `iface((*Point)(nil)); gob.Register(&Point{})`, iface((*Point)(nil)), &Point{}),
	r("err-recursive-ptr", `new(RecPtr)`, new(RecPtr)),
	r("err-nil-ptr", `(*int)(nil)`, (*int)(nil)),
	r("recarr", `RecArr{V: 1, K: [2]*RecArr{{V: 2, K: [2]*RecArr{}}, {V: 3}}}`,
		RecArr{V: 1, K: [2]*RecArr{{V: 2, K: [2]*RecArr{}}, {V: 3}}}),
	r("recur", `Recur{A: [1]*Recur{nil}}`, Recur{A: [1]*Recur{nil}}),
	registering("reg-dup-type", `gob.RegisterName("n", 1)`, func() { gob.RegisterName("n", 1) }),
	registering("reg-dup-name", `gob.RegisterName("n", p.T1{}); gob.RegisterName("n", p.T2{})`,
		func() { gob.RegisterName("n", p.T1{}); gob.RegisterName("n", p.T2{}) }),
	registering("reg-both-ptr-val", `gob.Register(p.T1{}); gob.Register(&p.T1{})`,
		func() { gob.Register(p.T1{}); gob.Register(&p.T1{}) }),
	registering("reg-empty", `gob.RegisterName("", p.T1{})`, func() { gob.RegisterName("", p.T1{}) }),
}

// encodeRefused returns the error or panic, and the bytes written to the stream before it.
func encodeRefused(id string) (object, error) {
	for _, value := range unencodable {
		if value.id != id {
			continue
		}
		var stream bytes.Buffer
		err := caught(func() error { return value.run(gob.NewEncoder(&stream)) })
		if err == nil {
			return nil, errors.New("Go took the value")
		}
		return object{
			{"id", id}, {"clause", value.clause}, {"go", value.text}, {"error", err.Error()},
			{"written", hexOf(stream.Bytes())},
		}, nil
	}
	return nil, fmt.Errorf("no value %s", id)
}

// caught turns a panic into an error whose text begins with "panic: ".
func caught(run func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	return run()
}
