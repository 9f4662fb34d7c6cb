package main

import (
	"encoding/json"
	"math/big"
	"net"
	"net/netip"
	"net/url"
	"time"
)

var utc = time.Date(2023, 5, 6, 7, 8, 9, 123456789, time.UTC)

func at(year int, offset int) time.Time {
	return time.Date(year, 1, 1, 0, 0, 0, 0, time.FixedZone("", offset))
}

func parseURL(text string) *url.URL {
	parsed, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return parsed
}

var marshalers = []*vector{
	v("time-zero", time.Time{}).by("GOB-34"),
	v("time-utc", time.Date(2023, 5, 6, 7, 8, 9, 123456789, time.UTC)).by("GOB-34"),
	v("time-zone", time.Date(2023, 5, 6, 7, 8, 9, 0, time.FixedZone("", 5*3600+30*60))).by("GOB-34"),
	v("time-negzone", time.Date(2023, 5, 6, 7, 8, 9, 0, time.FixedZone("", -8*3600))).by("GOB-34"),
	v("time-subminute", at(1900, 3600+21)).by("GOB-34").says("an offset with seconds: version 2"),
	v("time-subminute-neg", at(1900, -3600-21)).by("GOB-34").keep().says("version 2; Go itself reads the offset wrong, the instant right"),
	v("time-ptr-top", &utc).says("a pointer to a marshaler: no name, and another id inside"),
	v("times", TimeS{utc, &utc, time.Second}).by("GOB-34"),
	v("times-zero", TimeS{time.Time{}, &time.Time{}, 0}).by("GOB-15").says("a zero time is left out, a pointer to one is sent"),
	v("bigint", big.NewInt(-123456789)).by("GOB-35"),
	v("bigint-0", big.NewInt(0)).by("GOB-35"),
	v("bigint-2^128", new(big.Int).Lsh(big.NewInt(1), 128)).by("GOB-35"),
	v("bigfloat", big.NewFloat(1.5)).by("GOB-35"),
	v("bigrat", big.NewRat(-3, 7)).by("GOB-35"),
	v("bigs", BigS{big.NewInt(1), nil, big.NewRat(1, 2)}).by("GOB-35"),
	v("ip4", net.ParseIP("1.2.3.4")).by("GOB-36").says("net.IP is []byte, of 16 bytes here"),
	v("ip4-4", net.ParseIP("1.2.3.4").To4()).by("GOB-36"),
	v("netip", netip.MustParseAddr("1.2.3.4")).by("GOB-36"),
	v("url-ptr", parseURL("https://a.example/b?c=d")).by("GOB-36").says("drags the definition of Userinfo along"),
	v("url-in-slice", []*url.URL{parseURL("http://x/")}).by("GOB-36"),
	v("nets", NetS{net.IPv4(1, 2, 3, 4), net.IPNet{IP: net.IP{1, 2, 3, 0}, Mask: net.CIDRMask(24, 32)},
		parseURL("https://a.example/b?c=d")}).by("GOB-36"),
	v("rawmessage", json.RawMessage(`{"a":1}`)).by("GOB-5").says("json.RawMessage is []byte"),
	v("uuid", UUID{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}),
	v("uuid-field", struct{ ID UUID }{UUID{1}}),
	v("uuid-field-zero", struct{ ID UUID }{}).by("GOB-15").says("an array of zeros with its own bytes is left out"),
	v("gobv", GobV{"x"}),
	v("gobv-ptr", &GobV{"x"}),
	v("gobv-ptrptr", ptr(&GobV{"x"})),
	v("gobp-ptr", &GobP{"x"}),
	v("gobv-then-ptr", GobV{"x"}, &GobV{"y"}, []int{1}).says("an id is used up that no one sees"),
	v("gobv-ptr-then-val", &GobV{"x"}, GobV{"y"}, []int{1}).says("an id is used up that no one sees"),
	v("binv", BinV{"x"}),
	v("textv", TextV{"x"}).says("gob does not use MarshalText"),
	v("both", BothGB{"x"}).says("GobEncode wins"),
	v("gobint", GobInt(7)),
	v("gobholder", GobHolder{GobV{"a"}, &GobV{"b"}, &GobP{"c"}, BinV{"d"}, TextV{"e"}, BothGB{"f"}, 5}),
	v("gobholder-zero", GobHolder{}).by("GOB-15"),
	v("gobpholder-ptr", &GobPHolder{GobP{"q"}}),
	v("gobpholder-zero-ptr", &GobPHolder{}).by("GOB-15").says("the method is on the pointer: a zero is sent"),
	v("slice-gobv", []GobV{{"a"}, {""}}),
	v("slice-gobv-ptr", []*GobV{{"a"}}),
	v("map-gobv", map[string]GobV{"k": {"a"}}),
	v("ext-slice", ExtSlice{{1, 2}}).says("the definitions of its parts are sent though unused"),
	v("ext-struct", ExtStruct{}).says("the definitions of its parts are sent though unused"),
	v("has-ext", HasExt{Z: 1}),
	v("emb-named", EmbNamed{1, "x", ptr(time.Unix(1, 0).UTC())}).
		into(EmbNamed{Time: new(time.Time)}).says("a promoted GobEncode makes the struct a marshaler"),
}
