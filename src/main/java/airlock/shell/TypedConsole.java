package airlock.shell;

import airlock.control.Console;

/// A shell whose typed lines are remembered.
record TypedConsole(Console shell, TypedLines lines) implements Console {
    @Override
    public void keys(byte[] bytes) throws InterruptedException {
        lines.add(bytes);
        shell.keys(bytes);
    }

    @Override
    public void resize(int columns, int rows) throws InterruptedException {
        shell.resize(columns, rows);
    }

    @Override
    public void endOfKeys() throws InterruptedException {
        shell.endOfKeys();
    }

    @Override
    public Heard hear() throws InterruptedException {
        return shell.hear();
    }

    @Override
    public void close() {
        shell.close();
    }
}
