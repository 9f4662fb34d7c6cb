package main

import (
	"time"

	"example.com/full/p"
)

type (
	mapOfAny   = map[string]interface{}
	sliceOfAny = []interface{}
)

var interfaces = []*vector{
	v("iface-nil", new(interface{})).says("what go-plugin's users pass for no arguments"),
	v("iface-int", iface(5)),
	v("iface-string", iface("hi")),
	v("iface-zero", iface(0)).says("a zero in an interface is sent"),
	v("iface-bytes", iface([]byte{1, 2})).by("GOB-28").says("the name is []uint8"),
	v("iface-int8", iface(int8(-3))),
	v("iface-float32", iface(float32(1.5))),
	v("iface-uintptr", iface(uintptr(3))),
	v("iface-complex64", iface(complex64(1))),
	v("iface-slice-string", iface([]string{"a"})).says("with the definition inside"),
	v("iface-struct", iface(Point{1, 2})).register(Point{}),
	v("iface-struct-twice", iface(Point{1, 2}), iface(Point{3, 4})).register(Point{}),
	v("iface-ptr-struct", iface(&Point{1, 2})).by("GOB-28").register(&Point{}),
	v("iface-pkg", iface(p.T1{A: 1})).by("GOB-28").register(p.T1{}).says("the import path in full"),
	v("iface-pkg-ptr", iface(&p.T2{A: 1})).by("GOB-28").register(&p.T2{}).says("the package's last word only"),
	v("iface-registername", iface(p.T1{A: 1})).by("GOB-28").registerName("my.alias", p.T1{}),
	v("iface-named-int", iface(p.Int(4))).by("GOB-28").register(p.Int(0)),
	v("iface-named-string", iface(p.Str("q"))).by("GOB-28").register(p.Str("")),
	v("iface-named-slice", iface(p.Slice{4})).by("GOB-28").register(p.Slice{}),
	v("iface-map", iface(mapOfAny{"a": 1})).register(mapOfAny{}),
	v("iface-slice-iface", iface(sliceOfAny{1, "x", nil})).register(sliceOfAny{}),
	v("iface-time", iface(time.Unix(0, 0).UTC())).by("GOB-28").register(time.Time{}),
	v("iface-slice-structs", sliceOfAny{Point{1, 2}, Inner{"a"}, Point{3, 4}, nil, Inner{"b"}}).by("GOB-26").
		register(Point{}, Inner{}).says("each definition before its first value only"),
	v("iface-map-structs", mapOfAny{"p": Point{1, 2}}).by("GOB-26").register(Point{}),
	v("iface-deep-3", Iface{Iface2{1, Iface{Inner{"d"}}, "x", Point2{}, 3}}).by("GOB-26").
		register(Iface{}, Iface2{}, Inner{}, Point2{}).says("three deep, a definition at each level"),
	v("iface-ptr-gob", iface(&GobP{"x"})).register(&GobP{}),
	v("iface-emptystruct", iface(struct{}{})).register(struct{}{}),
	v("iface-array", iface([2]int{1, 2})).register([2]int{}),
	v("iface-map-string-string", iface(map[string]string{"a": "b"})).register(map[string]string{}),
	v("iface-duration", iface(time.Second)).by("GOB-28").register(time.Duration(0)),
	v("iface-map-in-pkg", iface(map[p.Str][]p.T1{"k": {{A: 1}}})).by("GOB-28").register(map[p.Str][]p.T1{}),
	v("iface-in-iface-basic", iface(interface{}(5))).says("Go has no interface in an interface"),
	v("iface-nil-in-map", mapOfAny{"a": nil}),
	v("slice-iface", sliceOfAny{1, "a", nil, true, 2.5, []byte{1}}).says("basic types need no definition"),
	v("map-string-iface", mapOfAny{"k": "v"}),
	v("ifaces-nil-elems", Ifaces{sliceOfAny{nil, 1, nil}}),
	v("struct-iface", Iface2{1, Inner{"k"}, "b", Inner{"m"}, 9}).by("GOB-26").register(Inner{}).
		says("a definition in mid-value cuts the message"),
	v("struct-iface-2nd", Iface2{1, Inner{"k"}, "b", Inner{"m"}, 9}, Iface2{1, Inner{"k"}, "b", Inner{"m"}, 9}).by("GOB-26").
		register(Inner{}).says("the second time nothing is cut"),
	v("struct-iface-multi-def", Iface2{1, Inner2{[]Inner{{"k"}}}, "b", nil, 9}).by("GOB-26").register(Inner2{}).
		says("a type that needs three definitions"),
	v("nested-iface", Iface{sliceOfAny{mapOfAny{"a": sliceOfAny{1, "x"}}}}).by("GOB-26").register(sliceOfAny{}, mapOfAny{}),
	v("nested-iface-struct", Iface2{1, Iface{Inner{"deep"}}, "b", 7, 9}).by("GOB-26").register(Iface{}, Inner{}).
		says("a definition inside an interface inside an interface"),
	v("nested-iface-multi-def", Iface2{1, Iface{Inner2{[]Inner{{"k"}}}}, "b", nil, 9}).by("GOB-26").register(Iface{}, Inner2{}),
	v("nested-iface-two-types", Iface{sliceOfAny{Point{1, 2}, Inner{"a"}, Point{3, 4}}}).by("GOB-26").
		register(sliceOfAny{}, Point{}, Inner{}),
	v("recur-iface", RecIface{RecIface{RecIface{nil, 3}, 2}, 1}).by("GOB-26").register(RecIface{}),
	v("before-nested", Before{Holder{Point{1, 2}}, 7}).by("GOB-30").register(Holder{}, Point{}).
		says("Go itself loses B if its own struct has no A"),
	v("before-nil", Mixed{sliceOfAny{nil}, 0, "hi", 5}).by("GOB-30").
		says("Go itself loses B and C if its own struct has no A and X"),
	v("emb-iface", EmbIface{p.Sq{S: 2}, 3}).by("GOB-26").register(p.Sq{}),
	v("error-iface", RespErr{"v", &BasicError{"bad"}}).by("GOB-26").register(&BasicError{}),
}
