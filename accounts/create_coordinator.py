"""The first coordinator, and the office with it: made by a command, as nobody can sign in yet."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Sequence

from accounts import actions, passwords, signing_in
from common.database import open_store
from common.settings import settings_from


def main(arguments: Sequence[str]) -> int:
    """`create-coordinator --username U --name N`: 0 when made, 1 for a username that is taken, 2 for wrong use."""
    parser = argparse.ArgumentParser(
        prog="server.py create-coordinator",
        description="Make the office (the first time) and an account for a coordinator.",
    )
    parser.add_argument("--username", required=True)
    parser.add_argument("--name", required=True, help="the person's name")
    parser.add_argument(
        "--office", default="Dinas Kependudukan dan Pencatatan Sipil", help="the office's name"
    )
    parser.add_argument("--government", default="Pemerintah Kabupaten", help="as on the letterhead")
    parser.add_argument("--region", default="33.11", help="Kemendagri code of the kabupaten or kota")
    parser.add_argument("--address", default="")
    parser.add_argument("--phone", default="")
    parser.add_argument(
        "--time-zone", default="Asia/Jakarta", choices=["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
    )
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    asked = parser.parse_args(arguments)
    if asked.password_stdin:
        password = again = sys.stdin.readline().rstrip("\n")
    else:
        password, again = getpass.getpass("Password: "), getpass.getpass("The same again: ")
    fault = signing_in.password_fault(password, again, asked.username)
    if fault is not None:
        sentence = {
            "short": f"Choose a password of {signing_in.MINIMUM_PASSWORD} characters or more.",
            "same_as_username": "Choose a password that is not the username.",
            "differs": "The two passwords differ. Type the same password twice.",
        }[fault]
        print(sentence, file=sys.stderr)
        return 2
    store = open_store(settings_from(os.environ).database_url)
    try:
        store.migrate()
        store.write_now(
            actions.open_first_office,
            asked.username,
            asked.name,
            passwords.hash_password(password),
            asked.office,
            asked.government,
            asked.region,
            asked.address,
            asked.phone,
            asked.time_zone,
        )
    except actions.UsernameTaken:
        print(f"The username {asked.username} is taken. Choose another one.", file=sys.stderr)
        return 1
    finally:
        store.close()
    print(f"{asked.name} can sign in as {asked.username}.")
    return 0
