if (require('hello-dep') === 1) console.log('node says hello');
