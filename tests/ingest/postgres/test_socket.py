"""The socket's folder is closed to others, and short enough whatever the data folder's path."""

from tests.embedding import (
    AS_ROOT,
    a_made_server,
    a_server,
    folder_for_everybody,
    keep_a_row,
    kept,
    mode_of,
)


def test_a_folder_that_everybody_may_enter_holds_the_socket_itself() -> None:
    with folder_for_everybody() as folder, a_server(folder / "data") as server:
        assert not (server.data / "socket").is_symlink()
        assert f"host={folder}/data/socket&" in server.url()
        keep_a_row(server)
        assert mode_of(server.data) == (0o711 if AS_ROOT else 0o700)


def test_a_long_and_odd_path_works_too() -> None:
    with folder_for_everybody() as folder:
        data = folder / ("a long, odd; 'path' of \"ours\" één " * 3) / ("x" * 80) / "data"
        with a_made_server(data) as server:
            outside = (data / "socket").resolve()
            assert not outside.is_relative_to(folder)
            assert mode_of(outside) == 0o700
            keep_a_row(server)
        assert not outside.exists()
        with a_server(data) as again:
            assert kept(again) == [42]
