import hello_dep

print("python says", hello_dep.hello)
