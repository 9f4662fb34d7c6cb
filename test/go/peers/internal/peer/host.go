package peer

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-plugin"
)

// Host is a running plugin with everything that is needed to call it.
type Host struct {
	Client *plugin.Client
	RPC    plugin.ClientProtocol
	Stdout *Buffer // what arrived on the sync streams
	Stderr *Buffer
	logs   *logs
}

// Flags that every host takes, before `--` and the plugin's command.
var (
	autoMTLS     = flag.Bool("automtls", false, "encrypt with one-time certificates")
	showLog      = flag.Bool("log", false, "report every log record as a step")
	versions     = flag.String("versions", "", "offer these application versions instead of 1, as 2,3")
	startTimeout = flag.Duration("start-timeout", 30*time.Second, "how long the plugin may take to start")
	skipHostEnv  = flag.Bool("skip-host-env", false, "do not pass our environment on")
	reattach     = flag.Bool("reattach", false, "drive once more through a second, reattached client")
	hold         = flag.Bool("hold", false, "after driving, wait for the end of stdin before Kill")
	leave        = flag.Bool("leave", false, "after driving, exit without Kill")
)

// Main starts the plugin of the command line, calls it, kills it, and reports each step. It exits with 1 if no
// plugin could be started. What fails after that is only in the report.
func Main(set plugin.PluginSet, drive func(*Host)) {
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintf(os.Stderr, "usage: %s [flags] -- plugin-command [args]\n", os.Args[0])
		os.Exit(2)
	}
	command := exec.Command(flag.Arg(0), flag.Args()[1:]...)
	host := newHost(set, &plugin.ClientConfig{Cmd: command})
	if !host.connect() {
		host.kill()
		os.Exit(1)
	}
	drive(host)
	if *reattach {
		host.reattached(set, drive)
	}
	if *hold {
		Report("holding", nil, nil)
		_, _ = io.Copy(io.Discard, os.Stdin)
	}
	if *leave {
		Report("leaving", nil, nil)
		os.Exit(0)
	}
	host.kill()
}

func newHost(set plugin.PluginSet, config *plugin.ClientConfig) *Host {
	host := &Host{Stdout: &Buffer{}, Stderr: &Buffer{}, logs: &logs{live: *showLog}}
	config.HandshakeConfig = Handshake
	config.AutoMTLS = *autoMTLS
	secure, err := tlsConfig()
	if err != nil {
		panic(err)
	}
	config.TLSConfig = secure
	config.StartTimeout = *startTimeout
	config.SkipHostEnv = *skipHostEnv
	config.SyncStdout, config.SyncStderr = host.Stdout, host.Stderr
	config.Logger = host.logs.logger()
	if *versions == "" || config.Reattach != nil {
		config.Plugins = set
	} else {
		config.VersionedPlugins = map[int]plugin.PluginSet{}
		for _, text := range strings.Split(*versions, ",") {
			version, err := strconv.Atoi(text)
			if err != nil {
				panic(err)
			}
			config.VersionedPlugins[version] = set
		}
	}
	host.Client = plugin.NewClient(config)
	return host
}

// connect reports the steps up to a connection that answers a ping.
func (h *Host) connect() bool {
	address, err := h.Client.Start()
	if err != nil {
		Report("start", nil, err)
		return false
	}
	Report("start", map[string]any{
		"network":  address.Network(),
		"protocol": h.Client.Protocol(),
		"version":  h.Client.NegotiatedVersion(),
	}, nil)
	h.RPC, err = h.Client.Client()
	if err == nil {
		err = h.RPC.Ping()
	}
	Report("ping", nil, err)
	return err == nil
}

// reattached calls the plugin over a second connection, beside the first.
func (h *Host) reattached(set plugin.PluginSet, drive func(*Host)) {
	second := newHost(set, &plugin.ClientConfig{Reattach: h.Client.ReattachConfig()})
	if second.connect() {
		drive(second)
	}
}

func (h *Host) kill() {
	h.Client.Kill()
	warnings := h.logs.warnings()
	Report("kill", map[string]any{
		"exited":   h.Client.Exited(),
		"graceful": len(warnings) == 0,
		"warnings": warnings,
	}, nil)
}

// Dispense reports and returns the named plugin. It exits when that fails.
func (h *Host) Dispense(name string) (*Conn, bool) {
	raw, err := h.RPC.Dispense(name)
	Report("dispense", name, err)
	if err != nil {
		return nil, false
	}
	return raw.(*Conn), true
}

// Call makes a call and reports it as `step`. `reply` is a pointer to the value.
func Call[R any](client *rpc.Client, step, method string, args any) (R, error) {
	var reply R
	err := client.Call("Plugin."+method, args, &reply)
	Report(step, Plain(reply), err)
	return reply, err
}

// Buffer is a bytes.Buffer that can be waited on.
type Buffer struct {
	mu   sync.Mutex
	data bytes.Buffer
	more chan struct{}
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.more != nil {
		close(b.more)
		b.more = nil
	}
	return b.data.Write(p)
}

// Take waits until n bytes have arrived and returns them, or fewer after the timeout.
func (b *Buffer) Take(n int, timeout time.Duration) []byte {
	expired := time.After(timeout)
	for {
		b.mu.Lock()
		if b.data.Len() >= n {
			defer b.mu.Unlock()
			return bytes.Clone(b.data.Next(n))
		}
		if b.more == nil {
			b.more = make(chan struct{})
		}
		more := b.more
		b.mu.Unlock()
		select {
		case <-more:
		case <-expired:
			b.mu.Lock()
			defer b.mu.Unlock()
			return bytes.Clone(b.data.Bytes())
		}
	}
}
