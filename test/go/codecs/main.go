// Command codecs is Go's end of net/rpc, with every codec and over every transport that the tests use.
//
//	codecs serve CODEC NETWORK ADDRESS   serves Plugin; prints the address it listens on
//	codecs call  CODEC NETWORK ADDRESS   calls Plugin there; prints the results, a JSON object per line
//	codecs times                         answers questions about times (times.go)
//	codecs embed                         sends and reads structs that embed others (embed.go)
//	codecs relay CODEC                   prints values; reads them again as a relay sent them on (relay.go)
//
// CODEC is gob, json, ugorji, ugorji-spec, go-msgpack-v1, go-msgpack-v1-spec or go-msgpack-v2. NETWORK is
// tcp, unix, http (CONNECT over tcp) or broker (stream 7 of a yamux session over a unix socket).
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
)

func main() {
	log.SetOutput(os.Stderr)
	if len(os.Args) == 2 && os.Args[1] == "times" {
		times()
		return
	}
	if len(os.Args) == 2 && os.Args[1] == "embed" {
		embed()
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "relay" {
		relay(os.Args[2])
		return
	}
	if len(os.Args) != 5 {
		log.Fatal("usage: codecs serve|call CODEC NETWORK ADDRESS, relay CODEC, times, or embed")
	}
	codec, ok := codecs[os.Args[2]]
	if !ok {
		log.Fatalf("no codec %s", os.Args[2])
	}
	network, address := os.Args[3], os.Args[4]
	switch os.Args[1] {
	case "serve":
		serve(codec, network, address)
	case "call":
		call(codec, network, address)
	}
}

// report prints one step: `{"step": NAME, "value": V}` or `{"step": NAME, "error": TEXT}`.
func report(step string, value any, err error) {
	line := map[string]any{"step": step, "value": value}
	if err != nil {
		line = map[string]any{"step": step, "error": err.Error()}
	}
	text, err := json.Marshal(line)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
}
