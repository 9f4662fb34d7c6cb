package peer

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"os"
)

// Flags of both hosts and plugins, for TLS without AutoMTLS.
var (
	tlsCert = flag.String("tls-cert", "", "PEM file of our certificate; a plugin with one wants TLS")
	tlsKey  = flag.String("tls-key", "", "PEM file of its key")
	tlsCA   = flag.String("tls-ca", "", "PEM file of whom to trust; a host with one wants TLS, a plugin with one wants a certificate of its hosts")
)

// tlsConfig returns the configuration of the flags, for either side, or nil without them.
func tlsConfig() (*tls.Config, error) {
	if *tlsCert == "" && *tlsCA == "" {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: "localhost"}
	if *tlsCert != "" {
		own, err := tls.LoadX509KeyPair(*tlsCert, *tlsKey)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	if *tlsCA != "" {
		text, err := os.ReadFile(*tlsCA)
		if err != nil {
			return nil, err
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(text)
		config.RootCAs, config.ClientCAs = pool, pool
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config, nil
}
