import pytest

from accounts.addresses import client_address, network_of


class TestClientAddress:
    @pytest.mark.parametrize(
        ("proxies", "forwarded", "expected"),
        [
            (0, "", "10.0.0.9"),
            (0, "6.6.6.6", "10.0.0.9"),
            (1, "1.2.3.4", "1.2.3.4"),
            (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
            (2, "6.6.6.6, 1.2.3.4, 10.0.0.8", "1.2.3.4"),
            (1, "", "10.0.0.9"),
            (2, "1.2.3.4", "10.0.0.9"),
            (1, "1.2.3.4:55555", "1.2.3.4"),
            (1, "[2001:db8::1]:443", "2001:db8::1"),
            (1, "2001:db8::1", "2001:db8::1"),
        ],
    )
    def test_believes_only_our_own_proxies(self, proxies: int, forwarded: str, expected: str) -> None:
        assert client_address(remote="10.0.0.9", forwarded=forwarded, trusted_proxies=proxies) == expected


class TestNetworkOf:
    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("1.2.3.4", "1.2.3.4"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", "unknown"),
            ("a unix socket", "unknown"),
        ],
    )
    def test_counts_one_home_once(self, address: str, network: str) -> None:
        assert network_of(address) == network
