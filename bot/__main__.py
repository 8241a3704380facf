"""`python -m bot`, the `recap` command."""


def main() -> None:
    """Run the `recap` command."""
    try:
        from bot.entrypoints.cli.app import main as run

        run()
    except KeyboardInterrupt:  # while modules load, or while it ends
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
