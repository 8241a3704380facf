"""`python -m bot`, the `recap` command."""


def main() -> None:
    """Run the `recap` command."""
    from bot.entrypoints.cli.app import main as run

    run()


if __name__ == "__main__":
    main()
