/**
 * A certificate that vouches for itself, of 127.0.0.1 and no name, and its key: for tests alone. Valid from 2020 to 2120;
 * made by openssl, since Node makes none.
 */
export const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyJ4cwaboALAyHgRp
k2N9q203ByR0rkHIM97oBfWSuhmhRANCAARiPfz2BOD8p6M9GGX2MRbir+xjRh3Q
mQHTCeY/SwkJZ7H9nFcDDhM8uZt2NXyloPahhQq/6627f3/V9+8a4qPH
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBfjCCASOgAwIBAgIUSyHCxv4BNNM1Xjhl8NnmgqC2okAwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQVGVzdCBvZiBNb21lbnRyeTAgFw0yMDAxMDEwMDAwMDBaGA8y
MTIwMDEwMTAwMDAwMFowGzEZMBcGA1UEAwwQVGVzdCBvZiBNb21lbnRyeTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABGI9/PYE4Pynoz0YZfYxFuKv7GNGHdCZAdMJ
5j9LCQlnsf2cVwMOEzy5m3Y1fKWg9qGFCr/rrbt/f9X37xrio8ejQzBBMA8GA1Ud
EwEB/wQFMAMBAf8wDwYDVR0RBAgwBocEfwAAATAdBgNVHQ4EFgQUv1Sx1jLb2Nwq
255zs9e/vvBlpXYwCgYIKoZIzj0EAwIDSQAwRgIhAPLK/w5sTWl/WjqyP94/L6Lq
dqG+Q5V757w+kUiAB0dfAiEAvfTK+3MBbDXGc69gtoxMkKkRaJEKNh2x8Y8z1CtY
nEU=
-----END CERTIFICATE-----
`,
}
