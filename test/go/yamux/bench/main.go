// Command bench is what the yamux benchmarks measure against.
//
//	bench serve           prints its address, and serves every stream of every session (see serve.go)
//	bench measure ADDR    connects to a server and measures one case per line on stdin (see measure.go)
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		check(serve())
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "measure" {
		check(measure(os.Args[2]))
		return
	}
	fmt.Fprintln(os.Stderr, "usage: bench serve | bench measure ADDR")
	os.Exit(2)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func tell(line any) { _ = json.NewEncoder(os.Stdout).Encode(line) }

func versions() map[string]string {
	found := map[string]string{"go": runtime.Version()}
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		found[module.Path] = module.Version
	}
	return found
}
