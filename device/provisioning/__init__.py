"""How a device comes to know a network and its cloud: hotspot or QR code, Wi-Fi, the cloud's certificate, pairing."""
