// Commands by how likely prose is to use the same word. What follows a command decides: flags, paths, hosts, or a sentence.

/** `odd`: no word of any language; `word`: also an ordinary word, so that its arguments must look like arguments. */
export type CommandKind = "odd" | "word";

export const COMMANDS: ReadonlyMap<string, CommandKind> = build(
  "wget curl nc ncat netcat bash zsh ksh csh tcsh ash sh rbash powershell pwsh cmd cmd.exe powershell.exe " +
    "whoami ifconfig ipconfig netstat nslookup uname systeminfo tasklist taskkill getent getfacl chmod chown " +
    "chgrp chroot crontab dmesg dpkg fgrep egrep zgrep grep rgrep gzip gunzip bunzip2 bzip2 bzcat zcat xzcat unxz " +
    "lzcat lzma tar cpio unzip passwd useradd usermod userdel adduser sudo su doas python python2 python3 perl " +
    "php php5 php7 ruby lua node nodejs awk gawk mawk sed xargs vim vi nano emacs ssh scp sftp rsync telnet ftp " +
    "tftp lynx w3m socat ping ping6 traceroute tracert nmap tcpdump ps lsof pgrep pkill killall mkdir rmdir rm mv " +
    "cp ln ls cd pwd tac rev nl od xxd hexdump base64 base32 md5sum sha1sum sha256sum mkfifo mknod nohup setsid " +
    "strace ltrace gdb gcc cc g++ javac java mysql mysqldump psql sqlite3 redis-cli mongo env printenv printf " +
    "sysctl systemctl initctl service reg regsvr32 rundll32 certutil bitsadmin wmic cscript wscript mshta msiexec " +
    "schtasks icacls cacls attrib xcopy robocopy findstr apt apt-get yum dnf apk arp route ip ss iptables ufw " +
    "mkpasswd openssl lsb_release hostnamectl timedatectl lscpu lsblk lspci lsusb df du mount umount fdisk dd " +
    "busybox toybox tclsh expect zip uuencode uudecode lwp-download lwp-request aria2c axel fetchmail sendmail " +
    "mutt dig whereis updatedb vmstat iostat ncdu htop iftop jobs disown compgen declare typeset unset readlink " +
    "realpath mktemp shred stty tput tty screen tmux ionice renice chsh chfn finger vipw gpasswd groupadd setfacl " +
    "getcap setcap aa-exec pkexec capsh unshare nsenter qwinsta quser dsquery nltest nbtstat netsh sc.exe net.exe " +
    "net1 auditpol vssadmin wevtutil vol ver tasklist.exe regedit invoke-expression iex invoke-webrequest iwr " +
    "start-process get-content get-childitem get-process new-object ansible ansible-config ansible-console " +
    "ansible-doc ansible-galaxy ansible-inventory ansible-playbook ansible-pull ansible-vault chef-client " +
    "chef-run chef-shell chef-solo knife puppet salt terraform vagrant packer c89 c99 clang clang++ cpulimit " +
    "flock perf irb pry zstdcat zstd bsdtar bsdcat aptitude lastlog lastb bcdboot bcdedit visudo ssh-copy-id " +
    "ssh-keygen ssh-add rmt-dump rlwrap rlogin rsh rview rvim scanmem setarch slsh ssh-keyscan start-stop-daemon " +
    "stdbuf sysinfo taskset tbl troff ul unlzma unzstd valgrind view watch xmodmap xmore yelp zrun zsoelim arj ar " +
    "as ascii-xfr aspell atobm basenc bpftrace bundler byebug cancel certbot check_by_ssh cobc composer cowsay " +
    "cowthink crash csplit csvtool cupsfilter dialog distcc dosbox dvips easy_install eqn exiftool fping gcore " +
    "gem genisoimage ghc ghci gimp ginsh grc hping3 iconv iwmi join journalctl jrunscript ksshell latex ldconfig " +
    "loginctl logsave look lualatex msfconsole msgconv multitime mysqlcheck nasm neofetch nroff octave openvpn " +
    "paste pdflatex pdftex pexec pidstat psad rpm rpmquery rpmverify runscript sash slapcat snap sshpass svnadmin " +
    "tasksh tcl tic tmate torify torsocks tshark unsquashfs update-alternatives varnishncsa vimdiff virsh wall " +
    "wish xelatex xetex xpad zathura zypper pacman dpkg-query dmidecode hostid ifup ifdown iwconfig lsattr chattr " +
    "modprobe insmod rmmod lsmod mkfs swapon sysdig systemd-run tune2fs udevadm vgdisplay wtmp aa-disable " +
    "aa-enforce netcap tcpick nslookup.exe whoami.exe ping.exe ipconfig.exe whois pathping getmac hostname " +
    "logname setx gpresult ilasm msbuild installutil doskey pushd popd chcp mklink esentutl makecab expand cmdkey " +
    "lastlogin visudo ansible chef-vault cscli pipx uconv ll rmt-tar chef-server knife-ec mtr iftop nethogs " +
    "dsget forfiles pcalua odbcconf regasm regsvcs syncappvpublishingserver tdump",
  "chef git cat id echo which dir type set sort find more less time at who host kill mail man test top write last " +
    "cut split head tail file touch sleep date wc tr fold column diff cmp comm install del erase net query print " +
    "source eval exec trap wait let local export alias unalias history help builtin command bind shift uptime " +
    "users groups login logout reboot shutdown halt poweroff free select if for while case until do then tee yes " +
    "seq format tree nice pr ed ex pico joe dash script strings stat sum sync batch link loop map",
);

function build(odd: string, word: string): ReadonlyMap<string, CommandKind> {
  const commands = new Map<string, CommandKind>();
  for (const name of word.split(" ")) commands.set(name, "word");
  for (const name of odd.split(" ")) commands.set(name, "odd");
  return commands;
}

/** Commands that say something by themselves, with nothing after them. */
export const BARE = new Set(
  "whoami ifconfig ipconfig netstat systeminfo tasklist uname id pwd ls dir ps env printenv set who uptime hostname reboot halt poweroff lsof dmesg df lscpu getmac ver quser qwinsta".split(
    " ",
  ),
);
