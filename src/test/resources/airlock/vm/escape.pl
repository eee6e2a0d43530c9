# What a program in QEMU's place tries, and helpers that wait for it: perl -e TEXT VERB ARGUMENT...
# Says "begun", then "yes" where it succeeds and "no: WHY" where it does not.
use strict;
use warnings;
no warnings 'portable';
use POSIX ();
use Socket;

$| = 1;
$SIG{XFSZ} = 'IGNORE';
$SIG{ALRM} = sub { no_("no answer in five seconds") };

sub yes { print "yes\n"; POSIX::_exit(0) }
sub no_ { my ($why) = @_; $why =~ s/\s+/ /g; print "no: $why\n"; POSIX::_exit(0) }

sub connected {
    my ($family, $address) = @_;
    socket(my $socket, $family, SOCK_STREAM, 0) or no_("socket: $!");
    alarm(5);
    connect($socket, $address) ? yes() : no_("connect: $!");
}

sub listening {
    my ($family, $address) = @_;
    socket(my $socket, $family, SOCK_STREAM, 0) or die("socket: $!");
    bind($socket, $address) or die("bind: $!");
    listen($socket, 8) or die("listen: $!");
    my $name = getsockname($socket);
    print $family == AF_INET ? (unpack_sockaddr_in($name))[0] : 'abstract', "\n";
    while (accept(my $client, $socket)) { }
}

sub memory_of {
    my ($pid) = @_;
    open(my $maps, '<', "/proc/$pid/maps") or no_("maps: $!");
    my ($range) = grep { /^[0-9a-f]+-[0-9a-f]+ rw/ } <$maps>;
    $range =~ /^([0-9a-f]+)/ or no_("no memory is mapped");
    my $from = hex($1);
    open(my $memory, '<', "/proc/$pid/mem") or no_("mem: $!");
    sysseek($memory, $from, 0) or no_("seek: $!");
    sysread($memory, my $bytes, 8) ? yes() : no_("read: $!");
}

sub file_in {
    my $why = 'nowhere tried';
    for my $directory (@_) {
        if (open(my $file, '>', "$directory/escaped")) {
            unlink("$directory/escaped");
            yes();
        }
        $why = "$directory: $!";
    }
    no_($why);
}

# a shell in a session of its own, which nobody waits for; it runs when this returns
sub shell {
    my ($mark) = @_;
    pipe(my $begun, my $beginning) or no_("pipe: $!");
    my $child = fork() // no_("fork: $!");
    if ($child == 0) {
        POSIX::setsid();
        my $grandchild = fork() // POSIX::_exit(1);
        POSIX::_exit(0) if $grandchild;
        open(STDIN, '<', '/dev/null');
        open(STDOUT, '>', '/dev/null');
        open(STDERR, '>', '/dev/null');
        { exec('/bin/sh', '-c', 'sleep 600; :', $mark) }
        POSIX::_exit(1);
    }
    close($beginning);
    sysread($begun, my $nothing, 1);
    yes();
}

sub held {
    my ($bytes) = @_;
    my @held;
    for my $n (1 .. ($bytes >> 24) + 1) {
        my $piece = chr($n % 200 + 1) x (1 << 24);
        push(@held, $piece);
    }
    yes();
}

sub tasks {
    my ($count) = @_;
    my @children;
    my $why = '';
    for (1 .. $count) {
        my $child = fork();
        if (!defined($child)) { $why = "$!"; last }
        if ($child == 0) { POSIX::pause(); POSIX::_exit(0) }
        push(@children, $child);
    }
    kill('KILL', @children);
    $why eq '' ? yes() : no_(scalar(@children) . " processes, then: $why");
}

my %verbs = (
    'listen' => sub { listening(AF_INET, pack_sockaddr_in(0, inet_aton($_[0]))) },
    'listen-abstract' => sub { listening(AF_UNIX, pack_sockaddr_un("\0$_[0]")) },
    'read' => sub {
        open(my $file, '<', $_[0]) or no_("$_[0]: $!");
        sysread($file, my $bytes, 1) ? yes() : no_("$_[0]: nothing read");
    },
    'write' => sub {
        open(my $file, '>>', $_[0]) or no_("$_[0]: $!");
        syswrite($file, 'x') ? yes() : no_("$_[0]: $!");
    },
    'file-in' => \&file_in,
    'unix' => sub { connected(AF_UNIX, pack_sockaddr_un($_[0])) },
    'abstract' => sub { connected(AF_UNIX, pack_sockaddr_un("\0$_[0]")) },
    'tcp' => sub { connected(AF_INET, pack_sockaddr_in($_[1], inet_aton($_[0]))) },
    'memory-of' => \&memory_of,
    'see' => sub {
        open(my $line, '<', "/proc/$_[0]/cmdline") or no_("/proc/$_[0]: $!");
        sysread($line, my $bytes, 1) ? yes() : no_("nothing read");
    },
    'kill' => sub { kill('KILL', $_[0]) ? yes() : no_("kill: $!") },
    'shell' => \&shell,
    'extend' => sub {
        open(my $file, '+<', $_[0]) or no_("$_[0]: $!");
        truncate($file, $_[1]) ? yes() : no_("$_[0]: $!");
    },
    # dd reserves its buffer and touches none of it
    'reserve' => sub {
        my $said = qx{dd if=/dev/null of=/dev/null bs=$_[0] count=1 2>&1};
        $? == 0 ? yes() : no_($said);
    },
    'hold' => \&held,
    'tasks' => \&tasks,
);

my ($verb, @arguments) = @ARGV;
print "begun\n" unless $verb =~ /^listen/;
$verbs{$verb}->(@arguments);
