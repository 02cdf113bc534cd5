#!/bin/bash -e
# What is committed, installed inside by the same script as on any Raspberry Pi OS.
install -d "${ROOTFS_DIR}/usr/src/leveret"
git -C "${LEVERET}" archive HEAD | tar -x -C "${ROOTFS_DIR}/usr/src/leveret"
on_chroot <<-INSIDE
	/usr/src/leveret/hardware/image/install.sh "${LEVERET_BUILD}" --no-start
INSIDE

# The first start may be told who signs in, and by which Wi-Fi: see docs/image.md.
install -m 644 -D "${LEVERET}/hardware/image/99-leveret.cfg" "${ROOTFS_DIR}/etc/cloud/cloud.cfg.d/99-leveret.cfg"
for name in user-data network-config; do
	install -m 644 "${LEVERET}/hardware/image/${name}.example" "${ROOTFS_DIR}/boot/firmware/${name}.example"
done
