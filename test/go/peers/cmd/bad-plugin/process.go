package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func init() {
	modes["exit"] = mode{"exits at once with [code] and the other arguments as lines on stderr", func(args []string) {
		if len(args) > 1 {
			fmt.Fprintln(os.Stderr, strings.Join(args[1:], "\n"))
		}
		os.Exit(code(args))
	}}
	modes["half-line-then-exit"] = mode{"half a line, then exit [code]", func(args []string) {
		fmt.Print("1|1|un")
		os.Exit(code(args))
	}}
	modes["line"] = mode{"the first argument as its line, then stays", func(args []string) {
		fmt.Println(args[0])
		stay()
	}}
	modes["stderr"] = mode{"a good line, the arguments as lines on stderr, exit 0", func(args []string) {
		fmt.Print(good)
		for _, text := range args {
			fmt.Fprintln(os.Stderr, text)
		}
	}}
	modes["stderr-long"] = mode{"a good line, [n] bytes without line end on stderr, exit 0", func(args []string) {
		fmt.Print(good)
		fmt.Fprint(os.Stderr, strings.Repeat("e", code(args)))
	}}
	modes["flood"] = mode{"a good line, 4 MiB more on stdout, `drained` on stderr, then stays", func([]string) {
		fmt.Print(good)
		for range 4 << 10 {
			fmt.Println(strings.Repeat("o", 1023))
		}
		fmt.Fprintln(os.Stderr, "drained")
		stay()
	}}
	modes["flood-long"] = mode{"the same as one line", func([]string) {
		fmt.Print(good)
		fmt.Print(strings.Repeat("o", 4<<20))
		fmt.Fprintln(os.Stderr, "drained")
		stay()
	}}
	modes["stdin"] = mode{"reads stdin to its end and says on stderr what came, then exit 0", func([]string) {
		text, err := io.ReadAll(os.Stdin)
		fmt.Fprintf(os.Stderr, "stdin: %q %v\n", text, err)
	}}
	modes["env"] = mode{"prints its environment on stderr, sorted, and exits 0", func([]string) {
		env := os.Environ()
		slices.Sort(env)
		fmt.Fprintln(os.Stderr, strings.Join(env, "\n"))
	}}
	modes["deaf"] = mode{"a good line with a socket; ignores SIGTERM and SIGINT", func([]string) {
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT)
		_, remove := listen()
		defer remove()
		stay()
	}}
	modes["grandchild"] = mode{"a good line, a child that holds stdout and stderr for [seconds], exit 0", func(args []string) {
		fmt.Print(good)
		child := exec.Command(os.Args[0], append([]string{"sleep"}, args...)...)
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Start(); err != nil {
			panic(err)
		}
		// The pid lets the test end it.
		fmt.Fprintf(os.Stderr, "grandchild %d\n", child.Process.Pid)
	}}
	modes["panic"] = mode{"panics with [text], with 2000 other goroutines", func(args []string) {
		for range 2000 {
			go func() { select {} }()
		}
		panic(args[0])
	}}
	modes["nil"] = mode{"reads through a nil pointer", func([]string) {
		var m *mode
		fmt.Fprintln(os.Stderr, "about to fail", m.about)
	}}
	modes["overflow"] = mode{"calls itself until the stack is full", func([]string) {
		debug.SetMaxStack(1 << 20)
		fmt.Fprintln(os.Stderr, depth(1))
	}}
	modes["sleep"] = mode{"does nothing for [seconds]", func(args []string) {
		time.Sleep(time.Duration(code(args)) * time.Second)
	}}
}

func depth(n int) int { return depth(n+1) + 1 }

// code returns the number in the first argument, or 0 without one.
func code(args []string) int {
	if len(args) == 0 {
		return 0
	}
	n, err := strconv.Atoi(args[0])
	if err != nil {
		panic(err)
	}
	return n
}
