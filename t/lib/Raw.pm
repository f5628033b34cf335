package Raw;

# Copyright (C) ngx_chat_module contributors

# Requests byte by byte, for what no client library would send: a request as
# text, and what came back as a list of answers.

use v5.36;

use Exporter qw(import);
use IO::Select ();
use Mojo::JSON ();

our @EXPORT_OK = qw(request answers cookie_of exchange);


# A request: path below the API, body, further lines of the head.

sub request ($t, $method, $path, $body = undef, @head) {
    $path = "/chat/api/v1/$path" if $path !~ m{^/};

    my @lines = ("$method $path HTTP/1.1", 'Host: ' . host($t),
                 'Origin: ' . $t->origin, @head);

    push @lines, 'Content-Type: application/json'
        if defined $body && !grep /^Content-Type:/i, @head;

    push @lines, 'Content-Length: ' . length $body
        if defined $body && !grep /^(?:Content-Length|Transfer-Encoding):/i,
                                  @head;

    return join("\r\n", @lines, '', '') . ($body // '');
}


sub host ($t) { $t->origin =~ s{.*/}{}r }


# A line of the head with all cookies that an agent has.

sub cookie_of ($agent) {
    return 'Cookie: ' . join '; ', map { $_->name . '=' . $_->value }
                             @{ $agent->ua->cookie_jar->all };
}


# What came: ({code, head, body, whole, json}, ...).  An interim answer, 1xx,
# is one.

sub answers ($bytes) {
    my @answers;

    while ($bytes =~ s{\AHTTP/1\.[01] (\d+)[^\r\n]*\r\n()\r\n}{}s
           || $bytes =~ s{\AHTTP/1\.[01] (\d+).*?\r\n(.*?)\r\n\r\n}{}s)
    {
        my ($code, $head) = ($1, $2);
        my $length = $head =~ /^Content-Length: (\d+)/mi ? $1 : 0;

        my $body = substr $bytes, 0, $length, '';

        push @answers, {
            code => $code, head => $head, body => $body,
            whole => length $body == $length,
            json => scalar eval { Mojo::JSON::decode_json($body) },
        };
    }

    return @answers;
}


# On a connection that stays: sends, and waits for so many final answers.

sub exchange ($socket, $bytes, $n = 1, $timeout = 10) {
    my $select = IO::Select->new($socket);
    my ($came, @answers) = ('');

    $socket->syswrite($bytes) if length $bytes;

    while ($select->can_read($timeout)) {
        $socket->sysread($came, 65536, length $came) or last;

        @answers = answers($came);

        my @final = grep { $_->{code} >= 200 } @answers;

        last if @answers && @final >= $n && (!@final || $final[-1]{whole});
    }

    return @answers;
}


1;
