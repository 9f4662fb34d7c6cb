package main

import "reflect"

var recursion = []*vector{
	v("list1", List{V: 1}),
	v("list3", List{1, &List{2, &List{V: 3}}}),
	v("tree", Tree{1, []*Tree{{V: 2}, {3, []*Tree{{V: 4}}}}}).says("through a slice"),
	v("treem", TreeM{"r", map[string]*TreeM{"k": {Name: "c"}}}).says("through a map"),
	v("mutual", A{1, &B{"x", &A{N: 2}}}),
	v("mutual-slices", MA{[]MB{{[]MA{{}}}}}),
	v("recslice", RecSlice{nil, RecSlice{nil}}).says("no struct in the loop"),
	v("recmap", RecMap{"a": nil}),
	v("recmapkey", RecMapKey{map[string][]RecMapKey{"a": {{}}}}),
	v("m1m2", M1{map[string]M2{"a": {}}}).says("through a map and an array"),
	v("recarr-ok-leaf", struct{ K []RecArr }{}),
}

var names = []*vector{
	v("names", Names{}).says("the name of a type depends on how it was reached first"),
	v("deep-anon", Deep{}).says("a nameless struct is named by its spelling"),
	v("slice-point", []Point{{1, 2}, {}}),
	v("slice-ptr-point", []*Point{{1, 2}}).says("behind a pointer: no name"),
	v("map-point", map[string]Point{"a": {1, 2}}).says("in a map: no name"),
	v("array-point", [1]Point{{1, 2}}).says("in an array: no name"),
	v("map-point-then-point", map[string]Point{"a": {1, 2}}, Point{3, 4}).says("and it stays so"),
	v("point-then-map-point", Point{3, 4}, map[string]Point{"a": {1, 2}}),
	v("named-slice", NamedSlice{1}),
	v("named-map", NamedMap{"a": 1}),
	v("named-arr", NamedArr{1, 2}),
	v("mixed-stream", 1, "a", Point{1, 2}, []Point{{3, 4}}, 2, Point{5, 6}).by("GOB-29"),
	v("same-def-two-paths", struct{ L []int }{[]int{1}}, []int{2}).by("GOB-11"),
	v("same-def-two-paths-rev", []int{2}, struct{ L []int }{[]int{1}}).by("GOB-11"),
	v("many-types", arraysOfInt(70)...).by("GOB-8").says("[0]int{}, [1]int{} ... [69]int{}: ids from 128 on take three bytes"),
}

func arraysOfInt(n int) []any {
	values := make([]any, n)
	for i := range values {
		values[i] = reflect.Zero(reflect.ArrayOf(i, reflect.TypeFor[int]())).Interface()
	}
	return values
}
