package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"time"
)

// printPEM writes a certificate for "localhost" that both sides use and trust, and its key.
func printPEM(out io.Writer) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := x509.Certificate{
		SerialNumber:          big.NewInt(1),
		DNSNames:              []string{"localhost"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	if err := pem.Encode(out, &pem.Block{Type: "CERTIFICATE", Bytes: certificate}); err != nil {
		return err
	}
	return pem.Encode(out, &pem.Block{Type: "EC PRIVATE KEY", Bytes: private})
}

func tlsConfig() (*tls.Config, error) {
	text := []byte(os.Getenv("PEER_PEM"))
	certificate, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, err
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(text)
	return &tls.Config{
		Certificates: []tls.Certificate{certificate},
		RootCAs:      trusted,
		ServerName:   "localhost",
	}, nil
}

func dialTLS(network, address string) (net.Conn, error) {
	config, err := tlsConfig()
	if err != nil {
		return nil, err
	}
	return tls.Dial(network, address, config)
}

func serveTLS(connection net.Conn) (net.Conn, error) {
	config, err := tlsConfig()
	if err != nil {
		return nil, err
	}
	return tls.Server(connection, config), nil
}
