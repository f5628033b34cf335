package Pages;

# Copyright (C) ngx_chat_module contributors

# Pages of a site: what a browser gets, how often the chat is in it, and
# backends that send what they are told.

use v5.36;

use Exporter qw(import);
use IO::Socket::INET ();
use IO::Socket::UNIX ();
use Mojo::UserAgent ();

our @EXPORT_OK = qw(page chats without backend fastcgi wait_for_taken);

our $element = qr{<script src="[^"]*loader\.js" async(?: nonce="[^"]*")?}
               . qr{ data-chat='[^']*'></script>};


# The answer to a GET, as a library sees it that knows nothing of the module.

sub page ($url, %head) {
    my $method = delete $head{-method} // 'GET';
    my $ua = Mojo::UserAgent->new(inactivity_timeout => 20, insecure => 1,
                                  max_redirects => 0);

    # no coding is asked for unless the test does

    my $tx = $ua->build_tx($method => $url, { %head });
    $tx->req->headers->remove('Accept-Encoding')
        if !exists $head{'Accept-Encoding'};
    $ua->once(start => sub ($, $started) {
        $started->req->headers->remove('Accept-Encoding')
            if !exists $head{'Accept-Encoding'};
    });

    my $res = $ua->start($tx)->res;

    return $res if defined $res->code;

    die "$method $url: ", $res->error->{message}, "\n";
}


# How many elements of ours there are, and the rest.

sub chats ($text) { scalar(() = $text =~ /$element/g) }
sub without ($text) { $text =~ s/$element//gr }


# A backend in a process of its own, on a port that the test holds, or on a
# path: for each connection it reads a head and calls answer(head, socket); the
# connection is closed when nobody has the socket any more.

sub backend ($t, $which, $answer) {
    return _serve($t, $which, sub ($socket) {
        my $head = '';

        while ($head !~ /\r\n\r\n/) {
            $socket->sysread($head, 4096, length $head) or return;
        }

        $answer->($head, $socket);
    });
}


# Until the other end of a connection of this machine has taken all that was
# written, so that what is written next is read alone.  On a machine with many
# connections it takes long to find a TCP one.

use constant TIOCOUTQ => 0x5411;

sub wait_for_taken ($socket) {
    my $until = time + 10;

    if ($socket->isa('IO::Socket::UNIX')) {
        while (time < $until) {
            my $left = pack 'i', 0;

            ioctl $socket, TIOCOUTQ, $left or die "TIOCOUTQ: $!\n";

            return if unpack('i', $left) == 0;
            select undef, undef, undef, 0.0001;
        }

        die "nobody takes it\n";
    }

    my $ends = sprintf ':%04X [0-9A-F]+:%04X [0-9A-F]+ [0-9A-F]+:(\\w+) ',
                       $socket->peerport, $socket->sockport;

    while (time < $until) {
        open my $in, '<', '/proc/net/tcp' or die "/proc/net/tcp: $!\n";

        my ($line) = grep { /$ends/ } <$in>;

        return if !defined $line || $line =~ /$ends/ && hex $1 == 0;
    }

    die "nobody takes it\n";
}


# The same for FastCGI: answer(params) returns what goes to STDOUT, in pieces
# that become a record each.

sub fastcgi ($t, $which, $answer) {
    return _serve($t, $which, sub ($socket) {
        my ($params, $type) = ('', 0);

        # until the end of the body, an empty record of type 5

        while (1) {
            my $record = _exactly($socket, 8) // return;
            my (undef, $type, $id, $len, $pad) = unpack 'CCnnC', $record;
            my $data = _exactly($socket, $len + $pad) // return;

            $params .= substr $data, 0, $len if $type == 4;
            last if $type == 5 && $len == 0;
        }

        for my $piece ($answer->($params)) {
            $socket->syswrite(pack('CCnnCx', 1, 6, 1, length $piece, 0)
                              . $piece);
        }

        $socket->syswrite(pack('CCnnCx', 1, 6, 1, 0, 0)
                          . pack('CCnnCxNCx3', 1, 3, 1, 8, 0, 0, 0));
    });
}


sub _exactly ($socket, $len) {
    my $data = '';

    while (length $data < $len) {
        $socket->sysread($data, $len - length $data, length $data)
            or return;
    }

    return $data;
}


sub _serve ($t, $which, $connection) {
    my $listen = ($which =~ m{^/}
        ? IO::Socket::UNIX->new(Local => $which, Listen => 16)
        : IO::Socket::INET->new(
            Proto => 'tcp', LocalAddr => '127.0.0.1',
            LocalPort => $t->port($which), Listen => 16, ReuseAddr => 1,
        )) or die "listen: $!\n";

    chmod 0777, $which if $which =~ m{^/};      # workers are somebody else

    my $parent = $$;
    my $pid = fork // die "fork: $!\n";

    return Pages::Backend->new($pid) if $pid;

    $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP ALRM);
    $SIG{PIPE} = 'IGNORE';
    alarm 170;

    while (getppid == $parent) {
        my $socket = $listen->accept or next;
        eval { $connection->($socket) };
        warn $@ if $@;
    }

    require POSIX;
    POSIX::_exit(0);
}


package Pages::Backend;

use v5.36;

sub new ($class, $pid) { bless { pid => $pid, owner => $$ }, $class }

sub DESTROY ($self) {
    return if $self->{owner} != $$;

    local ($?, $!);
    kill 'TERM', $self->{pid};
    waitpid $self->{pid}, 0;
}


1;
