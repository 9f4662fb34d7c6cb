package main

import "math"

var deep = ptr("deep")

var structs = []*vector{
	v("point", Point{22, 33}),
	v("point-twice", Point{22, 33}, Point{1, 0}).by("GOB-29").says("a definition is sent once"),
	v("point-ptr", &Point{22, 33}).by("GOB-15").says("pointers do not exist on the wire"),
	v("ptr-ptr-ptr", ptr(ptr(&Point{1, 2}))).by("GOB-15"),
	v("point-zero", Point{}).by("GOB-15").says("every field is left out"),
	v("empty-struct", Empty{}),
	v("anon-empty-struct", struct{}{}).says("the body of a net/rpc error response"),
	v("anon-struct", struct{ A int }{5}),
	v("unexported", Unexp{1, 2, "x"}).by("GOB-14").says("lower-case fields stay at home"),
	v("unicode-fields", UnsafeNames{1, "x"}).by("GOB-14"),
	v("chanfunc", ChanFunc{make(chan int), func() {}, nil, 4}).by("GOB-14").says("channels and functions too"),
	v("allkinds", AllKinds{true, -1, -8, -16, -32, -64, 1, 8, 16, 32, 64, 1.5, 2.5, 1 + 2i, 3 + 4i, "s", []byte{1}}),
	v("allkinds-zero", AllKinds{}).by("GOB-15"),
	v("zeroish", Zeroish{}).by("GOB-15").says("what is left of a struct of zeros: structs and arrays"),
	v("zeroish-empty", Zeroish{B: []byte{}, L: []int{}, M: map[string]int{}, P: ptr(0), NP: &Point{}}).by("GOB-15").
		says("empty, not nil: only the map and the struct behind the pointer are sent"),
	v("nested", Nested{"n", Point{1, 2}, []Point{{3, 4}}, []*Point{{5, 6}}, map[string]Point{"a": {7, 8}},
		map[string]*Point{"b": {9, 10}}, [2]Point{{11, 12}, {}}, &Point{13, 14}}),
	v("nested-zero", Nested{}).by("GOB-15"),
	v("ptrs", Ptrs{ptr(5), ptr(ptr(7)), ptr(&deep)}).by("GOB-15"),
	v("ptrs-nil", Ptrs{}).by("GOB-15"),
	v("ptrs-zero", Ptrs{A: ptr(0)}).by("GOB-15").says("a pointer to a zero scalar comes back as nil"),
	v("ptr-elems", PtrElems{[]**int{ptr(ptr(1))}, map[string]**Point{"k": ptr(&Point{1, 2})},
		[][]*Point{{{1, 2}}}, [1]*int{ptr(1)}}),
	v("floats-negzero-nan", Floats{math.Copysign(0, -1), math.NaN(), math.Inf(-1), 0,
		complex(math.Copysign(0, -1), 0), complex(0, math.NaN()), float32(math.Copysign(0, -1))}).by("GOB-15").
		says("in a field -0 is left out, NaN is sent"),
	v("embedded", Emb{Base{"i", "n"}, 3}).says("a field like any other, named after its type"),
	v("embedded2", Emb2{Base{"i", "n"}, Base2{4}, "e"}),
	v("embedded-ptr", EmbP{&Base{"i", "n"}, 1}),
	v("embedded-ptr-nil", EmbP{nil, 1}).by("GOB-15"),
	v("embedded-lower", EmbLower{base{1}, 2}).by("GOB-14").says("an embedded unexported type is dropped with all in it"),
	v("dupname", DupName{Base{"1", "2"}, struct{ Base }{Base{"3", "4"}}}),
	v("manyfields-last", ManyFields{G19: 1}).says("a step of 140 fields takes two bytes"),
	v("manyfields-0-130", ManyFields{A00: 1, G10: 2}),
	v("struct-key", map[Key]int{{"a", [2]uint8{1, 200}}: 5}).by("GOB-19"),
	v("struct-slice-empty-struct", []Empty{{}, {}}).by("GOB-18"),
	v("rpc-request0", &Request{ServiceMethod: "Plugin.Greet"}).by("GOB-15").says("Seq 0 is left out"),
	v("rpc-response-err", &Response{ServiceMethod: "Plugin.Greet", Seq: 3, Error: "boom"}),
	v("basicerror", RespBE{"v", &BasicError{"bad"}}),
	v("basicerror-nil", RespBE{"v", nil}).by("GOB-15"),
}
