"""`python -m recsys`."""

import gc

if __name__ == "__main__":
    # Imported modules stay: looking for garbage among them takes a third of a short command.
    gc.disable()
    from commands.main import main

    gc.freeze()
    gc.enable()
    main()
