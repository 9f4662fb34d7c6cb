package peer

import (
	"flag"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

// Flags that every plugin takes. They change how it lives, but not what it serves.
var (
	serveVersions = flag.String("serve-versions", "", "serve these application versions instead of 1, as 2,3")
	lingering     = flag.Bool("linger", false, "after Quit, stay until stdin ends")
	staying       = flag.Bool("stay", false, "after Quit, stay for ever")
	quiet         = flag.Bool("quiet", false, "log nothing")
)

// Serve runs a plugin until its host calls Quit.
func Serve(set plugin.PluginSet) {
	flag.Parse()
	config := &plugin.ServeConfig{HandshakeConfig: Handshake, Plugins: set}
	if *tlsCert != "" {
		config.TLSProvider = tlsConfig
	}
	if *quiet {
		config.Logger = hclog.NewNullLogger()
	}
	if *serveVersions != "" {
		config.Plugins = nil
		config.VersionedPlugins = map[int]plugin.PluginSet{}
		for _, text := range strings.Split(*serveVersions, ",") {
			version, err := strconv.Atoi(text)
			if err != nil {
				panic(err)
			}
			config.VersionedPlugins[version] = set
		}
	}
	plugin.Serve(config)
	if *staying {
		select {}
	}
	if *lingering {
		_, _ = io.Copy(io.Discard, os.Stdin)
	}
}
