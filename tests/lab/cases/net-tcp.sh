#!/bin/bash
# Tens of MB of TCP (208 MB with --soak) each way arrive as they were sent, over IPv4 and over IPv6.
# runs: test intree kernels image image-intree soak soak-intree soak-lite rounds
# timeout: 240 400

guest_start g1 memory=768 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $(($(soak 208 48) << 20))
note "data made"
net_send g1 "$DOM0_IP"
note "sent over IPv4"
net_receive g1 10.0.0.2
note "received over IPv4"
net_send g1 "$DOM0_IP6"
note "sent over IPv6"
net_receive g1 fd00::2
note "received over IPv6"
guest_shutdown g1
pass
