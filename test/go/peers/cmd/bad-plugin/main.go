// Command bad-plugin misbehaves in the way that its first argument names. It does not use go-plugin. Without an
// argument it lists the modes.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

type mode struct {
	about string
	run   func(args []string)
}

// line makes a mode that prints text as its handshake, and then stays.
func line(about, text string) mode {
	return mode{about, func([]string) {
		fmt.Print(text)
		stay()
	}}
}

const (
	nowhere = "/nonexistent/goplug.sock"
	good    = "1|1|unix|" + nowhere + "|netrpc|\n"
)

// modes has the entries of this file (what is printed), connection.go and process.go (what is done).
var modes = map[string]mode{
	"garbage":        line("a banner, then a good line", "Starting up...\n"+good),
	"blank":          line("an empty line, then a good line", "\n"+good),
	"few-fields":     line("three fields", "1|1|unix\n"),
	"four-fields":    line("the form of very old plugins; nobody listens", "1|1|unix|"+nowhere+"\n"),
	"core-version":   line("core protocol 2", "2|1|unix|"+nowhere+"|netrpc|\n"),
	"core-text":      line("a core protocol that is no number", "x|1|unix|"+nowhere+"|netrpc|\n"),
	"app-version":    line("application version 9", "1|9|unix|"+nowhere+"|netrpc|\n"),
	"app-text":       line("an application version that is no number", "1|x|unix|"+nowhere+"|netrpc|\n"),
	"network":        line("an unknown network", "1|1|pigeon|"+nowhere+"|netrpc|\n"),
	"tcp-address":    line("a TCP address without port", "1|1|tcp|nope|netrpc|\n"),
	"grpc":           line("the gRPC protocol", "1|1|unix|"+nowhere+"|grpc|\n"),
	"protocol":       line("an unknown protocol", "1|1|unix|"+nowhere+"|smoke|\n"),
	"protocol-empty": line("an empty protocol field", "1|1|unix|"+nowhere+"||\n"),
	"cert-text":      line("a certificate that is not base64", "1|1|unix|"+nowhere+"|netrpc|"+strings.Repeat("!", 60)+"\n"),
	"cert-der":       line("a certificate that is not DER", "1|1|unix|"+nowhere+"|netrpc|"+strings.Repeat("AAAA", 20)+"\n"),
	"spaces":         line("blanks and CRLF around a good line; nobody listens", "  "+strings.TrimSpace(good)+"\r\n"),
	"nobody":         line("a good line; nobody listens", good),
	"half-line":      line("half a line without its end", "1|1|un"),
	"long-line":      line("a line of 70 KiB", strings.Repeat("x", 70<<10)+"\n"),
	"long-address":   line("a good line but for an address of 70 KiB", "1|1|unix|/"+strings.Repeat("x", 70<<10)+"|netrpc|\n"),
	"long-path":      line("a good line whose socket path no system takes", "1|1|unix|/tmp/"+strings.Repeat("x", 150)+"|netrpc|\n"),
	"silent":         line("no line at all", ""),
}

func main() {
	if len(os.Args) > 1 {
		if m, ok := modes[os.Args[1]]; ok {
			m.run(os.Args[2:])
			return
		}
	}
	names := []string{}
	for name := range modes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(os.Stderr, "%-16s %s\n", name, modes[name].about)
	}
	os.Exit(2)
}

// stay blocks until the parent has ended, so that tests leave no processes behind.
func stay() {
	for parent := os.Getppid(); os.Getppid() == parent; {
		time.Sleep(200 * time.Millisecond)
	}
}
