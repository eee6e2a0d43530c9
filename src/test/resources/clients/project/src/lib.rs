#[test]
fn rust_says_hello() {
    assert_eq!(hello_dep::hello(), 1);
}
