#!/usr/bin/python3
"""An auditor's question in a few lines of Python: every change that one letter of credit ever had.

    auditor.py --node 127.0.0.1:7200 --ca ca.crt --cert auditor.crt --key auditor.key \
               --contract letter_of_credit --object harbour-bank/LC-2604-01

Needs Debian's python3-grpcio, python3-grpc-tools and python3-protobuf. The stubs are made on the
fly from the .proto files; any language that has protoc can do the same. The answers are bytes as
the contract wrote them; the contract's interface (ContractService) decodes them, and
`usance audit export` gives the same history with its proofs for usance-verify.
"""

import argparse
import importlib
import pathlib
import sys
import tempfile

import grpc
from grpc_tools import protoc


def make_stubs(proto_root):
    """Compiles usance/v1/*.proto to Python modules in a temporary folder and imports them."""
    out = tempfile.mkdtemp(prefix="usance-stubs-")
    protos = [str(path) for path in sorted(pathlib.Path(proto_root).glob("usance/v1/*.proto"))]
    if not protos:
        sys.exit(f"no .proto files below {proto_root}; name the project's folder proto with --proto")
    if protoc.main(["protoc", f"-I{proto_root}", f"--python_out={out}", f"--grpc_python_out={out}", *protos]) != 0:
        sys.exit("protoc failed")
    sys.path.insert(0, out)
    return importlib.import_module("usance.v1.query_pb2"), importlib.import_module("usance.v1.query_pb2_grpc")


def connect(arguments):
    credentials = grpc.ssl_channel_credentials(
        root_certificates=pathlib.Path(arguments.ca).read_bytes(),
        private_key=pathlib.Path(arguments.key).read_bytes(),
        certificate_chain=pathlib.Path(arguments.cert).read_bytes())
    options = []
    if arguments.server_name:
        options.append(("grpc.ssl_target_name_override", arguments.server_name))
    return grpc.secure_channel(arguments.node, credentials, options)


def history(stub, query, contract, scope):
    """Yields every change of the object, oldest first, page by page."""
    token = ""
    while True:
        page = stub.GetHistory(query.GetHistoryRequest(contract=contract, scope=scope, page_token=token), timeout=30)
        yield from page.entries
        token = page.next_page_token
        if not token:
            print(f"as of height {page.at.height}, state root {page.at.state_root.hex()}")
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node", required=True, help="host:port of a node's client service")
    parser.add_argument("--ca", required=True, help="PEM of the authority that issued the node's certificate")
    parser.add_argument("--cert", required=True, help="PEM of the own certificate")
    parser.add_argument("--key", required=True, help="PEM of its private key")
    parser.add_argument("--server-name", help="name in the node's certificate, where it is not the address")
    parser.add_argument("--contract", required=True)
    parser.add_argument("--object", required=True, help="the business object, such as bank/number")
    parser.add_argument("--proto", default=pathlib.Path(__file__).resolve().parents[2] / "proto")
    arguments = parser.parse_args()

    query, services = make_stubs(arguments.proto)
    with connect(arguments) as channel:
        stub = services.QueryServiceStub(channel)
        for change in history(stub, query, arguments.contract, arguments.object.encode()):
            what = "deleted" if change.deleted else f"{len(change.value)} bytes"
            print(f"height {change.height} action {change.action}: {change.item.decode(errors='replace')} {what} "
                  f"by {change.tx_id.hex()[:16]}")


if __name__ == "__main__":
    try:
        main()
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
